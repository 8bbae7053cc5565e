import type { BusPort } from '../kernel/index.ts';
import { splitMix } from './split-mix.ts';

/** Bytes of a sector. */
export const sectorBytes = 512;
const wordBytes = 8;
/** Doublewords of a sector. */
export const sectorWords = sectorBytes / wordBytes;

/** Sectors that were written, by number: their doublewords in hexadecimal, one after the other. All others are as the image has them. */
export type WrittenSectors = Record<number, string>;

/** What the image holds where nothing was written: zeros, or the numbers that follow from a seed. */
function imageWord(seed: number | undefined, word: number): bigint {
  return seed === undefined ? 0n : splitMix(seed, word);
}

/** Copies a sector to memory; what is not memory there is left out. */
export function copyToMemory(
  memory: BusPort,
  address: number,
  sector: number,
  { written, seed }: { readonly written: WrittenSectors; readonly seed: number | undefined },
): void {
  const text = written[sector];
  for (let word = 0; word < sectorWords; word++) {
    const value =
      text === undefined
        ? imageWord(seed, sector * sectorWords + word)
        : BigInt(`0x${text.slice(word * 16, (word + 1) * 16)}`);
    memory.write(address + word * wordBytes, wordBytes, value);
  }
}

/** A sector's new content, from memory; what is not memory reads as zero. */
export function copyFromMemory(memory: BusPort, address: number): string {
  const words = Array.from({ length: sectorWords }, (_, word) =>
    (memory.read(address + word * wordBytes, wordBytes) ?? 0n).toString(16).padStart(16, '0'),
  );
  return words.join('');
}
