import type { Code } from '../../wasm/index.ts';
import { runOffsets } from './run-state.ts';
import { NEXT_WAITS, OLDER_STALL_SHIFT, STALL_NUMBER } from './trail.ts';

/** Where time passes: the function under construction and its locals, all i32. */
export interface BookSite {
  readonly code: Code;
  /** Address of the hart's memory. */
  readonly hart: number;
  /** Cycles left. */
  readonly left: number;
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

/** Lets cycles pass that are not issue; `cycles` puts them on the stack (i32). */
export function emitPassing(site: BookSite, cycles: () => void): void {
  const { code, left } = site;
  code.get(left);
  cycles();
  code.op('i32.sub');
  code.set(left);
  emitExtra(site, cycles);
}

/** Counts cycles among those that are not issue. */
export function emitExtra(
  { code, hart }: Pick<BookSite, 'code' | 'hart'>,
  cycles: () => void,
): void {
  code.get(hart);
  code.get(hart);
  code.load('i32.load', runOffsets.extra);
  cycles();
  code.op('i32.add');
  code.store('i32.store', runOffsets.extra);
}

/** Lets cycles pass on behalf of a mechanism. */
export function emitCharge(site: BookSite, mechanism: number, cycles: () => void): void {
  emitPassing(site, cycles);
  const offset = (): void => {
    site.code.i32(mechanism * LEAF_BYTES);
  };
  emitLeaf(site, offset, cycles);
}

/**
 * Waits as a trail says, which a local (i32) holds: the wait that goes back to the older instruction includes the other's.
 * With `sign` -1 it takes such a wait back.
 */
export function emitStall(
  site: BookSite,
  trail: number,
  stallTable: number,
  sign: 1 | -1 = 1,
): void {
  const { code } = site;
  const stall = code.scratch('stall.place', 'i32');
  const cycles = code.scratch('stall.cycles', 'i32');
  code.get(trail);
  code.i32(NEXT_WAITS);
  code.op('i32.and');
  code.unlikely();
  code.if();
  code.get(trail);
  code.i32(OLDER_STALL_SHIFT);
  code.op('i32.shr_u');
  code.i32(STALL_NUMBER);
  code.op('i32.and');
  code.tee(stall);
  code.get(trail);
  code.i32(STALL_NUMBER);
  code.op('i32.and');
  code.get(stall);
  code.select();
  code.i32(Math.log2(LEAF_BYTES));
  code.op('i32.shl');
  code.tee(stall);
  code.load('i32.load', stallTable);
  if (sign < 0) {
    code.i32(-1);
    code.op('i32.mul');
  }
  code.set(cycles);
  emitPassing(site, () => {
    code.get(cycles);
  });
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
