/**
 * What the last two instructions in line leave to those that follow, as long as nothing empties the pipeline: a halfword
 * each, the older one's above. A halfword holds the number of the stall of the next instruction, that of the one after it,
 * and the length of the instruction; it is 0 where there was none.
 */
const STALL_BITS = 7;
const STALL_MASK = 2 ** STALL_BITS - 1;
/** Where in its halfword an instruction keeps its length, in parcels of 2 bytes. */
export const PARCELS_SHIFT = 2 * STALL_BITS;
const HALFWORD = 0xffff;

/** Bits of an instruction's halfword. */
export const TRAIL_BITS = 16;
/** Where in a trail the older instruction keeps the number of the stall of the next one. */
export const OLDER_STALL_SHIFT = TRAIL_BITS + STALL_BITS;
/** Kinds of stalls that can be numbered; 0 is none. */
export const MOST_STALLS = 2 ** STALL_BITS;
/** A number of a stall, at the bottom of a trail or shifted there. */
export const STALL_NUMBER = STALL_MASK;
/** Bits of a trail that are 0 unless the next instruction waits. */
export const NEXT_WAITS = (STALL_MASK << OLDER_STALL_SHIFT) | STALL_MASK;
/** Bits of a trail that are 0 unless the next instruction or the one after it waits. */
export const ANY_WAITS = NEXT_WAITS | (STALL_MASK << STALL_BITS);

/** The halfword of an instruction, by the numbers of its stalls and its length in bytes. */
export function trailOf(stallOfNext: number, stallAfterNext: number, length: number): number {
  return stallOfNext | (stallAfterNext << STALL_BITS) | ((length / 2) << PARCELS_SHIFT);
}

/** A trail to which an instruction was added. */
export function followedBy(trail: number, halfword: number): number {
  return (trail << TRAIL_BITS) | halfword;
}

/** Number of the stall of the next instruction, of a halfword. */
export function stallOfNext(halfword: number): number {
  return halfword & STALL_MASK;
}

/** Number of the stall of the instruction after the next one, of a halfword. */
export function stallAfterNext(halfword: number): number {
  return (halfword >>> STALL_BITS) & STALL_MASK;
}

/** Lengths in bytes of the last instruction of a trail and of the one before it; 0 of none. */
export function lengthsIn(trail: number): { readonly last: number; readonly older: number } {
  return {
    last: ((trail & HALFWORD) >>> PARCELS_SHIFT) * 2,
    older: (trail >>> (TRAIL_BITS + PARCELS_SHIFT)) * 2,
  };
}
