import {
  bootBare,
  run,
  type Machine,
  type NamedFile,
  type Platform,
} from '../../platforms/index.ts';
import type { SymbolTable } from '../../platforms/images/symbol-table.ts';
import { withWork, type Work } from './program.ts';

/** A machine whose program has ended well. */
export interface Finished {
  readonly machine: Machine;
  readonly symbols: SymbolTable;
}

/** Runs a program that does so much work to its end. */
export function runToEnd(platform: Platform, program: NamedFile, work: Required<Work>): Finished {
  const { machine, symbols } = bootBare(platform, withWork(program, work));
  const steps = run(machine, { cycles: Number.MAX_SAFE_INTEGER });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const end = step.value;
  if (end.kind !== 'verdict' || end.verdict.kind !== 'passed') {
    throw new Error(`${program.name} failed: ${JSON.stringify(end)}`);
  }
  return { machine, symbols };
}

/** A doubleword that a program left behind. */
export function wordAt({ machine, symbols }: Finished, symbol: string, offset = 0): bigint {
  const address = Number(symbols.addressOf(symbol) ?? 0n) + offset;
  const word = machine.bus.read(address, 8);
  if (word === undefined) throw new Error(`'${symbol}' is not in memory`);
  return word;
}

/** Instructions that one more iteration takes. */
export function instructionsPerIteration(platform: Platform, program: NamedFile): number {
  const [less, more] = [2, 3].map((iterations) => {
    return runToEnd(platform, program, { iterations, harts: 1 }).machine.instructionCount;
  });
  return (more ?? 0) - (less ?? 0);
}
