import type { Code } from '../../wasm/index.ts';
import { packed } from './packed-entry.ts';
import { runOffsets } from './run-state.ts';

/** Where time passes: the function under construction and its locals, all i32. */
export interface BookSite {
  readonly code: Code;
  /** Address of the hart's memory. */
  readonly hart: number;
  /** Cycles left. */
  readonly left: number;
  /** Cycles that passed and are not issue. */
  readonly extraSum: number;
}

/** Bytes of a leaf of the cycle tree. */
export const LEAF_BYTES = 8;

/** Adds to a leaf of the mode in force; `offset` and `cycles` put an i32 each on the stack. */
export function emitLeaf(
  { code, hart }: Pick<BookSite, 'code' | 'hart'>,
  offset: () => void,
  cycles: () => void,
): void {
  const leaf = code.scratch('book.leaf', 'i32');
  offset();
  code.get(hart);
  code.load('i32.load', runOffsets.leaves);
  code.op('i32.add');
  code.tee(leaf);
  code.get(leaf);
  code.load('f64.load');
  cycles();
  code.float('f64.convert_i32_s');
  code.float('f64.add');
  code.store('f64.store');
}

/** Lets cycles pass, which a local holds. */
export function emitPassing({ code, left, extraSum }: BookSite, cycles: number): void {
  code.get(left);
  code.get(cycles);
  code.op('i32.sub');
  code.set(left);
  code.get(extraSum);
  code.get(cycles);
  code.op('i32.add');
  code.set(extraSum);
}

/**
 * Waits as the entries of the last two instructions in line say, which two locals (i32) hold: the wait that goes back to the
 * older one includes the other's.
 */
export function emitStall(
  site: BookSite,
  entries: { readonly previous: number; readonly older: number },
  stallTable: number,
): void {
  const { code } = site;
  const stall = code.scratch('stall.place', 'i32');
  const cycles = code.scratch('stall.cycles', 'i32');
  const after = (): void => {
    code.get(entries.older);
    code.load('i32.load8_u', packed.stallAfterNext);
  };
  const following = (): void => {
    code.get(entries.previous);
    code.load('i32.load8_u', packed.stallOfNext);
  };
  after();
  following();
  code.op('i32.or');
  code.if();
  after();
  following();
  after();
  code.select();
  code.i32(Math.log2(LEAF_BYTES));
  code.op('i32.shl');
  code.tee(stall);
  code.load('i32.load', stallTable);
  code.set(cycles);
  emitPassing(site, cycles);
  emitLeaf(
    site,
    () => {
      code.get(stall);
      code.load('i32.load', stallTable + 4);
    },
    () => {
      code.get(cycles);
    },
  );
  code.end();
}
