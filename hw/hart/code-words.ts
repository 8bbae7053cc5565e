const WORD_SHIFT = 2;
const LINE_SHIFT = 6;

/** The words of a machine's memory that cores have fetched, for those who remember what they held. */
export class CodeWords {
  readonly #lines: Uint8Array;
  readonly #words = new Set<number>();
  readonly #listeners: (() => void)[] = [];
  /** Told of an offset in a line that holds a word from now on. */
  onLine: ((offset: number) => void) | undefined;

  constructor(memoryBytes: number) {
    this.#lines = new Uint8Array(memoryBytes >>> LINE_SHIFT);
  }

  /** Calls `listener` before one of the words changes; then none of them is one any more. */
  listen(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** The word at an offset of the memory has been fetched. */
  add(offset: number): void {
    if (!this.holds(offset)) this.onLine?.(offset);
    this.#lines[offset >>> LINE_SHIFT] = 1;
    this.#words.add(offset >>> WORD_SHIFT);
  }

  /** Whether the line at an offset of the memory holds such a word. */
  holds(offset: number): boolean {
    return this.#lines[offset >>> LINE_SHIFT] === 1;
  }

  /** Bytes at an offset of the memory are written. */
  written(offset: number, bytes: number): void {
    const lastByte = offset + bytes - 1;
    if (this.#lines[offset >>> LINE_SHIFT] === 0 && this.#lines[lastByte >>> LINE_SHIFT] === 0) {
      return;
    }
    const last = lastByte >>> WORD_SHIFT;
    for (let word = offset >>> WORD_SHIFT; word <= last; word++) {
      if (!this.#words.has(word)) continue;
      this.#lines.fill(0);
      this.#words.clear();
      for (const listener of this.#listeners) listener();
      return;
    }
  }
}
