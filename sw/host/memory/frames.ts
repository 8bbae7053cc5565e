import { zeroBytes } from '../../shared/bytes.ts';
import { PAGE } from '../../shared/page.ts';

/** Page frames of RAM, one bit each in two maps: taken, and touched since reset (so that fresh memory need not be cleared). */
export const PAGE_BYTES: usize = <usize>PAGE;
const PAGE_SHIFT: usize = 12;
/** 2 MiB: large contiguous blocks start at a multiple, so that they can be mapped with large pages. */
export const LARGE_PAGE_BYTES: usize = 0x20_0000;

let base: usize = 0;
let frameCount: usize = 0;
let takenMap: usize = 0;
let touchedMap: usize = 0;
/** Where the search for one page starts. */
let nextWord: usize = 0;
/** All frames of RAM. */
export let totalFrameCount: usize = 0;

function testBit(map: usize, index: usize): bool {
  return ((load<u64>(map + ((index >> 6) << 3)) >> (index & 63)) & 1) != 0;
}

function setBit(map: usize, index: usize): void {
  const word = map + ((index >> 6) << 3);
  store<u64>(word, load<u64>(word) | ((<u64>1) << (index & 63)));
}

function clearBit(map: usize, index: usize): void {
  const word = map + ((index >> 6) << 3);
  store<u64>(word, load<u64>(word) & ~((<u64>1) << (index & 63)));
}

/** Takes over RAM [start, end); everything below `firstFree` stays taken, the maps are placed there. */
export function initFrames(start: usize, end: usize, firstFree: usize): void {
  base = start;
  frameCount = (end - start) >> PAGE_SHIFT;
  totalFrameCount = frameCount;
  const mapBytes = ((frameCount + 63) >> 6) << 3;
  takenMap = (firstFree + 7) & ~(<usize>7);
  touchedMap = takenMap + mapBytes;
  zeroBytes(takenMap, mapBytes << 1);
  reserveFrames(start, touchedMap + mapBytes);
  // bits behind the last frame are never free
  for (let i = frameCount; (i & 63) != 0; i++) setBit(takenMap, i);
  nextWord = 0;
}

/** Takes the frames of [start, end) out of use for good: the kernel, the device tree, the RAM file system. */
export function reserveFrames(start: usize, end: usize): void {
  if (start < base) start = base;
  const limit = base + (frameCount << PAGE_SHIFT);
  if (end > limit) end = limit;
  let index = (start - base) >> PAGE_SHIFT;
  for (; start < end && base + (index << PAGE_SHIFT) < end; index++) {
    // whole words at a time where possible: the firmware and kernel are a thousand frames
    if ((index & 63) == 0 && base + ((index + 64) << PAGE_SHIFT) <= end) {
      store<u64>(takenMap + ((index >> 6) << 3), 0xffff_ffff_ffff_ffff);
      store<u64>(touchedMap + ((index >> 6) << 3), 0xffff_ffff_ffff_ffff);
      index += 63;
    } else {
      setBit(takenMap, index);
      setBit(touchedMap, index);
    }
  }
}

/** Takes one page, cleared; 0 when there is none. */
export function takePage(): usize {
  const words = (frameCount + 63) >> 6;
  for (let i: usize = 0; i < words; i++) {
    const word = load<u64>(takenMap + (nextWord << 3));
    if (word != 0xffff_ffff_ffff_ffff) {
      const index = (nextWord << 6) + <usize>ctz(~word);
      setBit(takenMap, index);
      const page = base + (index << PAGE_SHIFT);
      zeroBytes(page, PAGE_BYTES);
      setBit(touchedMap, index);
      return page;
    }
    nextWord = nextWord + 1 == words ? 0 : nextWord + 1;
  }
  return 0;
}

/** Gives a page back. */
export function freePage(page: usize): void {
  const index = (page - base) >> PAGE_SHIFT;
  clearBit(takenMap, index);
}

function isRunFree(first: usize, count: usize): bool {
  for (let i = first; i < first + count; i++) {
    if ((i & 63) == 0 && i + 64 <= first + count) {
      if (load<u64>(takenMap + ((i >> 6) << 3)) != 0) return false;
      i += 63;
    } else if (testBit(takenMap, i)) return false;
  }
  return true;
}

/**
 * Takes physically contiguous memory from the end of RAM downwards, away from single pages; `alignment` is a power of two of at least a
 * page. Frames that were in use before are cleared, others have not been written since reset. Returns 0 when there is none.
 */
export function takeBlock(bytes: usize, alignment: usize): usize {
  const count = bytes >> PAGE_SHIFT;
  if (count == 0 || count > frameCount) return 0;
  let start = (base + ((frameCount - count) << PAGE_SHIFT)) & ~(alignment - 1);
  for (; start >= base; start -= alignment) {
    const first = (start - base) >> PAGE_SHIFT;
    if (!isRunFree(first, count)) continue;
    markRun(first, count);
    return start;
  }
  return 0;
}

function markRun(first: usize, count: usize): void {
  for (let i = first; i < first + count; i++) {
    const word = (i >> 6) << 3;
    if ((i & 63) == 0 && i + 64 <= first + count && load<u64>(touchedMap + word) == 0) {
      store<u64>(takenMap + word, 0xffff_ffff_ffff_ffff);
      store<u64>(touchedMap + word, 0xffff_ffff_ffff_ffff);
      i += 63;
      continue;
    }
    setBit(takenMap, i);
    if (testBit(touchedMap, i)) zeroBytes(base + (i << PAGE_SHIFT), PAGE_BYTES);
    else setBit(touchedMap, i);
  }
}

/** Gives a block back. */
export function freeBlock(start: usize, bytes: usize): void {
  const first = (start - base) >> PAGE_SHIFT;
  const end = first + (bytes >> PAGE_SHIFT);
  for (let i = first; i < end; i++) {
    if ((i & 63) == 0 && i + 64 <= end) {
      store<u64>(takenMap + ((i >> 6) << 3), 0);
      i += 63;
    } else clearBit(takenMap, i);
  }
}
