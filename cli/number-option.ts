import { InvalidArgumentError } from 'commander';
import { parseInteger } from '../platforms/source/scalar.ts';
import { parseSize } from '../platforms/source/quantity.ts';

const suffixes: Readonly<Record<string, number>> = { k: 1e3, K: 1e3, M: 1e6, G: 1e9 };

/** Reads a count from the command line: `2G`, `1_000_000`, `0x400`. */
export function countOption(text: string): number {
  const suffix = suffixes[text.slice(-1)];
  const amount = parseInteger(suffix === undefined ? text : text.slice(0, -1));
  const count = Number(amount) * (suffix ?? 1);
  if (amount === undefined || !Number.isSafeInteger(count) || count < 1) {
    throw new InvalidArgumentError('expected a positive count, such as 1000000 or 2G');
  }
  return count;
}

/** Reads counts from the command line: `100k,2M`. */
export function countsOption(text: string, previous: readonly number[] = []): number[] {
  return [...previous, ...text.split(',').map((count) => countOption(count.trim()))];
}

/** Reads a size from the command line: `64MiB`. */
export function sizeOption(text: string): number {
  const bytes = parseSize(text);
  if (bytes === undefined || bytes < 1n || bytes > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new InvalidArgumentError('expected a size, such as 64MiB');
  }
  return Number(bytes);
}

/** Reads register values from the command line: `1 0x8000_0000 -1`. */
export function wordOption(text: string, previous: readonly bigint[] = []): bigint[] {
  const value = parseInteger(text);
  if (value === undefined) throw new InvalidArgumentError('expected a number, such as 0x8000_0000');
  return [...previous, BigInt.asUintN(64, BigInt(value))];
}
