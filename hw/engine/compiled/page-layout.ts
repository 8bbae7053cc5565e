import { PAGE_BYTES } from '../../isa/index.ts';
import { ENTRY_BYTES } from './packed-entry.ts';

/**
 * How the entries of a page lie: those of the multiples of 4 first, one after the other, since most instructions are 4 bytes
 * long; then, where instructions may begin there, those of the other even places; at the end the one that says that the page
 * ends.
 */
const WORD = 4;
const ENTRIES_SHIFT = Math.log2(ENTRY_BYTES / 4);
/** Bytes of the entries of the multiples of 4. */
export const HALF_BYTES = (PAGE_BYTES / 4) * ENTRY_BYTES;
/** Bit of a place that tells the halves apart, and how far it moves to become their distance. */
export const HALF_BIT = 2;
const HALF_SHIFT = Math.log2(HALF_BYTES / HALF_BIT);

/** Shifts of a place in its page: the one for the multiple of 4 in it, the other for `HALF_BIT`. */
export const layoutShifts = { multiple: ENTRIES_SHIFT, half: HALF_SHIFT } as const;

/** Bytes of the entries of a page. */
export function pageEntriesBytes(instructionAlignment: 2 | 4): number {
  return (PAGE_BYTES / instructionAlignment + 1) * ENTRY_BYTES;
}

/** Where the entry of a place is among those of its page, in bytes. */
export function entryOffset(inPage: number): number {
  return ((inPage & -WORD) << ENTRIES_SHIFT) + ((inPage & HALF_BIT) << HALF_SHIFT);
}

/** Where the entry behind the last instruction is, in bytes. */
export function pageEndOffset(instructionAlignment: 2 | 4): number {
  return pageEntriesBytes(instructionAlignment) - ENTRY_BYTES;
}
