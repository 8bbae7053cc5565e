import { z } from 'zod';
import { parseInteger } from './scalar.ts';

const sizeUnits = {
  B: 1n,
  KiB: 1n << 10n,
  MiB: 1n << 20n,
  GiB: 1n << 30n,
  TiB: 1n << 40n,
} as const;
const frequencyUnits = { Hz: 1n, kHz: 1_000n, MHz: 1_000_000n, GHz: 1_000_000_000n } as const;
const written = z.union([z.number(), z.bigint(), z.string()]);

type Units = Readonly<Record<string, bigint>>;

/** Reads `64 KiB`, `256MiB` or a plain number of bytes; undefined if it is none of these. */
export const parseSize = (text: string): bigint | undefined => parseQuantity(text, sizeUnits);

/** Reads `100 MHz` or a plain number of hertz; undefined if it is neither. */
export const parseFrequency = (text: string): bigint | undefined =>
  parseQuantity(text, frequencyUnits);

function parseQuantity(text: string, units: Units): bigint | undefined {
  const match = /^([0-9][0-9a-fA-Fx_]*) ?([A-Za-z]*)$/.exec(text);
  const amount = parseInteger(match?.[1] ?? '');
  const unit =
    match?.[2] === '' ? 1n : Object.entries(units).find(([name]) => name === match?.[2])?.[1];
  return amount === undefined || unit === undefined ? undefined : BigInt(amount) * unit;
}

interface Bounds {
  readonly minimum: bigint;
  readonly maximum: bigint;
}

function quantity(parse: (text: string) => bigint | undefined, bounds: Bounds) {
  return written.transform((value, context) => {
    const exact =
      typeof value === 'string'
        ? parse(value)
        : Number.isInteger(Number(value))
          ? BigInt(value)
          : undefined;
    const fits = exact !== undefined && exact >= bounds.minimum && exact <= bounds.maximum;
    if (fits) return Number(exact);
    const isOutside = exact !== undefined;
    context.issues.push({
      code: 'custom',
      input: value,
      message: '',
      params: { isOutside },
    });
    return z.NEVER;
  });
}

const largest = BigInt(Number.MAX_SAFE_INTEGER);

/** A physical address, such as `0x8000_0000`; below 2^53, so that arithmetic on it is exact. */
export const address = () =>
  quantity(() => undefined, { minimum: 0n, maximum: largest }).meta({
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', pattern: '^0x[0-9a-fA-F]+(_[0-9a-fA-F]+)*$' },
    ],
    expects: 'an address below 2^53, such as 0x8000_0000',
  });

/** A number of bytes, such as `64 KiB`. */
export const size = (bounds: { readonly minimum?: number; readonly maximum?: number } = {}) =>
  quantity(parseSize, {
    minimum: BigInt(bounds.minimum ?? 1),
    maximum: bounds.maximum === undefined ? largest : BigInt(bounds.maximum),
  }).meta({
    anyOf: [
      { type: 'integer', minimum: 1 },
      { type: 'string', pattern: '^[0-9][0-9_]* ?(B|KiB|MiB|GiB|TiB)$' },
    ],
    expects: `a size${boundsPhrase(bounds)}, such as 64 KiB (units B, KiB, MiB, GiB, TiB)`,
  });

/** A frequency in hertz, such as `100 MHz`. */
export const frequency = () =>
  quantity(parseFrequency, { minimum: 1n, maximum: 1_000_000_000_000n }).meta({
    anyOf: [
      { type: 'integer', minimum: 1 },
      { type: 'string', pattern: '^[0-9][0-9_]* ?(Hz|kHz|MHz|GHz)$' },
    ],
    expects: 'a frequency, such as 100 MHz (units Hz, kHz, MHz, GHz)',
  });

function boundsPhrase({ minimum, maximum }: { minimum?: number; maximum?: number }): string {
  if (maximum === undefined) return '';
  return ` of ${formatSize(minimum ?? 1)} to ${formatSize(maximum)}`;
}

/** Writes bytes in the largest unit that divides them. */
export function formatSize(bytes: number): string {
  const exact = BigInt(bytes);
  const [name, factor] = Object.entries(sizeUnits)
    .reverse()
    .find(([, unit]) => exact !== 0n && exact % unit === 0n) ?? ['B', 1n];
  return `${String(exact / factor)} ${name}`;
}

/** Writes an address as the platform files do: lower-case hexadecimal, grouped by four digits. */
export function formatAddress(value: number | bigint): string {
  const digits = value.toString(16);
  const padded = digits.padStart(Math.ceil(digits.length / 4) * 4, '0');
  const groups = padded.match(/.{4}/g) ?? [];
  return `0x${digits.length <= 4 ? digits : groups.join('_')}`;
}
