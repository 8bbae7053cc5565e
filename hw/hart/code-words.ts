const WORD_SHIFT = 2;
const LINE_SHIFT = 6;
const WORDS_OF_LINE = 2 ** (LINE_SHIFT - WORD_SHIFT);

/** The words of a machine's memory that cores have fetched, for those who remember what they held. */
export class CodeWords {
  /** By line: a bit for each of its words. */
  readonly #lines: Uint16Array;
  readonly #listeners: (() => void)[] = [];
  /** Told of an offset in a line that holds a word from now on. */
  onLine: ((offset: number) => void) | undefined;

  constructor(memoryBytes: number) {
    this.#lines = new Uint16Array(memoryBytes >>> LINE_SHIFT);
  }

  /** Calls `listener` before one of the words changes; then none of them is one any more. */
  listen(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** The word at an offset of the memory has been fetched. */
  add(offset: number): void {
    const line = offset >>> LINE_SHIFT;
    const before = this.#lines[line] ?? 0;
    if (before === 0) this.onLine?.(offset);
    this.#lines[line] = before | bitOf(offset >>> WORD_SHIFT);
  }

  /** Whether the line at an offset of the memory holds such a word. */
  holds(offset: number): boolean {
    return (this.#lines[offset >>> LINE_SHIFT] ?? 0) !== 0;
  }

  /** Bytes at an offset of the memory are written. */
  written(offset: number, bytes: number): void {
    const lastByte = offset + bytes - 1;
    if (!this.holds(offset) && !this.holds(lastByte)) return;
    const last = lastByte >>> WORD_SHIFT;
    for (let word = offset >>> WORD_SHIFT; word <= last; word++) {
      const line = this.#lines[word >>> (LINE_SHIFT - WORD_SHIFT)] ?? 0;
      if ((line & bitOf(word)) === 0) continue;
      this.#lines.fill(0);
      for (const listener of this.#listeners) listener();
      return;
    }
  }
}

function bitOf(word: number): number {
  return 1 << (word & (WORDS_OF_LINE - 1));
}
