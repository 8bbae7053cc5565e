import { PAGE_BYTES } from '../../hw/isa/index.ts';
import type { ByteRange, MachineMemory } from '../../hw/kernel/index.ts';

const WORD = 4;

/** Packs a range of memory: how many pages hold anything but zeros, their numbers in the range, their bytes. */
export function packPages(memory: MachineMemory, range: ByteRange): Uint8Array {
  const { bytes } = memory;
  const numbers = pageNumbers(range).filter((page) => !isZero(memory, pageOf(range, page)));
  const pages = numbers.map((page) => pageOf(range, page));
  const head = WORD * (1 + numbers.length);
  const packed = new Uint8Array(head + sizeOf(pages));
  const view = new DataView(packed.buffer);
  view.setUint32(0, numbers.length, true);
  for (const [index, page] of numbers.entries()) view.setUint32(WORD * (1 + index), page, true);
  let at = head;
  for (const page of pages) {
    packed.set(bytes.subarray(page.offset, page.offset + page.bytes), at);
    at += page.bytes;
  }
  return packed;
}

/** Puts the bytes of a range back; pages that are not packed become zero. */
export function unpackPages(memory: MachineMemory, range: ByteRange, packed: Uint8Array): void {
  const { bytes } = memory;
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const count = view.getUint32(0, true);
  let next = 0;
  let at = WORD * (1 + count);
  for (const page of pageNumbers(range)) {
    const place = pageOf(range, page);
    if (next < count && view.getUint32(WORD * (1 + next), true) === page) {
      bytes.set(packed.subarray(at, at + place.bytes), place.offset);
      at += place.bytes;
      next += 1;
    } else if (!isZero(memory, place)) {
      // Most pages of a fresh machine have never been touched, and should stay so.
      bytes.fill(0, place.offset, place.offset + place.bytes);
    }
  }
}

/** Several ranges of memory behind one another. */
export function packRanges({ bytes }: MachineMemory, ranges: readonly ByteRange[]): Uint8Array {
  const packed = new Uint8Array(sizeOf(ranges));
  let at = 0;
  for (const range of ranges) {
    packed.set(bytes.subarray(range.offset, range.offset + range.bytes), at);
    at += range.bytes;
  }
  return packed;
}

/** Puts the bytes of several ranges back. */
export function unpackRanges(
  { bytes }: MachineMemory,
  ranges: readonly ByteRange[],
  packed: Uint8Array,
): void {
  let at = 0;
  for (const range of ranges) {
    bytes.set(packed.subarray(at, at + range.bytes), range.offset);
    at += range.bytes;
  }
}

function pageNumbers({ bytes }: ByteRange): number[] {
  return Array.from({ length: Math.ceil(bytes / PAGE_BYTES) }, (_, page) => page);
}

function pageOf(range: ByteRange, page: number): ByteRange {
  const start = page * PAGE_BYTES;
  return { offset: range.offset + start, bytes: Math.min(PAGE_BYTES, range.bytes - start) };
}

function sizeOf(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, { bytes }) => sum + bytes, 0);
}

const zeros = Buffer.alloc(PAGE_BYTES);

function isZero({ buffer }: MachineMemory, { offset, bytes }: ByteRange): boolean {
  return Buffer.from(buffer, offset, bytes).equals(zeros.subarray(0, bytes));
}
