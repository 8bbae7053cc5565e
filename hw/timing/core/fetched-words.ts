const RECENT = 4096;
const NOWHERE = -1;

/** Words of code that were fetched lately, by the addresses that they were fetched from. */
export class FetchedWords {
  readonly #pcs = new Float64Array(RECENT).fill(NOWHERE);
  readonly #words = new Uint32Array(RECENT);
  #isEmpty = true;

  /** Forgets all of them. */
  clear(): void {
    if (!this.#isEmpty) this.#pcs.fill(NOWHERE);
    this.#isEmpty = true;
  }

  /** The word at an address, a multiple of 4, if it is known. */
  at(pc: number): number | undefined {
    const place = (pc >>> 2) & (RECENT - 1);
    return this.#pcs[place] === pc ? this.#words[place] : undefined;
  }

  /** Keeps one. */
  put(pc: number, word: number): void {
    const place = (pc >>> 2) & (RECENT - 1);
    this.#pcs[place] = pc;
    this.#words[place] = word;
    this.#isEmpty = false;
  }
}
