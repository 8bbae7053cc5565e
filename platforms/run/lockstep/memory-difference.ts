import type { Memory } from '../../../hw/memory/index.ts';
import type { Machine } from '../../machine.ts';

const DOUBLEWORD = 8;
/** Compared at once; a difference is then looked for in a piece of this size. */
const PIECE = 2 ** 16;

/** Physical addresses of the first doublewords in which the memories of two machines of one platform differ. */
export function memoryDifferences(one: Machine, other: Machine, most: number): readonly number[] {
  const found: number[] = [];
  for (const [index, memory] of one.memories.entries()) {
    const twin = other.memories[index];
    if (twin === undefined) continue;
    const [ours, theirs] = [bytesOf(memory), bytesOf(twin)];
    if (ours.equals(theirs)) continue;
    for (let at = 0; at < ours.length && found.length < most; at += PIECE) {
      const [piece, twinPiece] = [ours.subarray(at, at + PIECE), theirs.subarray(at, at + PIECE)];
      if (piece.equals(twinPiece)) continue;
      const places = differingDoublewords(piece, twinPiece).slice(0, most - found.length);
      found.push(...places.map((place) => memory.window.base + at + place));
    }
  }
  return found;
}

function bytesOf({ machine, window }: Memory): Buffer {
  return Buffer.from(machine.buffer, window.offset, window.size);
}

function differingDoublewords(ours: Buffer, theirs: Buffer): number[] {
  const places: number[] = [];
  for (let at = 0; at < ours.length; at += DOUBLEWORD) {
    if (ours.compare(theirs, at, at + DOUBLEWORD, at, at + DOUBLEWORD) !== 0) places.push(at);
  }
  return places;
}
