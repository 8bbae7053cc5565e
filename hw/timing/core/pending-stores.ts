import type { StateArea } from '../memory/index.ts';

/** The two stores that wait for the data array, as members of a set. */
export const PendingStore = { younger: 1, older: 2 } as const;

const NOWHERE = -1;
/** Bits of an address that name the byte in a word of the array, and those that name the word. */
export const WORD_BITS = 3;
export const INDEX_BITS = 9;
const WORDS_OF_INDEX = 2 ** INDEX_BITS;
const WORD_BYTES = 2 ** WORD_BITS;

/** Which bytes of the data array the pending stores will write (rocket-chip, DCache.scala, pstore1 and pstore2). */
export class PendingStores {
  readonly #words: Int32Array;
  readonly #masks: Int32Array;

  constructor(area: StateArea) {
    this.#words = area.signedWords(2);
    this.#masks = area.signedWords(2);
    this.reset();
  }

  /** Where generated code finds their words and masks, of the younger first. */
  get places(): { readonly words: number; readonly masks: number } {
    return { words: this.#words.byteOffset, masks: this.#masks.byteOffset };
  }

  /** None is known. */
  reset(): void {
    this.#words.fill(NOWHERE);
    this.#masks.fill(0);
  }

  /** Whether an access meets one of a set. */
  meets(stores: number, address: number, bytes: number): boolean {
    const word = wordOf(address);
    const mask = maskOf(address, bytes);
    for (let store = 0; store < 2; store++) {
      const isMeant = (stores & (1 << store)) !== 0 && this.#words[store] === word;
      if (isMeant && ((this.#masks[store] ?? 0) & mask) !== 0) return true;
    }
    return false;
  }

  /** The younger store writes so many bytes at an address; with none, nobody knows where. */
  hold(address: number, bytes: number): void {
    this.#words[0] = bytes === 0 ? NOWHERE : wordOf(address);
    this.#masks[0] = bytes === 0 ? 0 : maskOf(address, bytes);
  }

  /** The younger becomes the older one. */
  pass(): void {
    this.#words[1] = this.#words[0] ?? NOWHERE;
    this.#masks[1] = this.#masks[0] ?? 0;
  }
}

/** The word of the data array that an address is in, as far as its index tells. */
export function wordOf(address: number): number {
  return (address >>> WORD_BITS) & (WORDS_OF_INDEX - 1);
}

/** Which bytes of the word so many bytes at an address are. */
export function maskOf(address: number, bytes: number): number {
  return ((1 << bytes) - 1) << (address & (WORD_BYTES - 1));
}
