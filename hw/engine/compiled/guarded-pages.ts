const PAGE_SHIFT = 12;
const COUNT = 2 ** 16;

/** Bytes that they take. */
export const GUARDED_PAGES_BYTES = COUNT;

/** Where generated code finds the byte of a page: at its number, modulo `count`. */
export const guardedPages = { pageShift: PAGE_SHIFT, count: COUNT } as const;

/**
 * Pages of the machine's memory with a line that has held code or a reservation, for all harts: whether generated code may let lines of a page be written
 * directly without asking. A page stays one of them, and so does any other that has its place.
 */
export class GuardedPages {
  readonly #bytes: Uint8Array;

  /** Takes `GUARDED_PAGES_BYTES` at an offset of the buffer. */
  constructor(buffer: ArrayBuffer, offset: number) {
    this.#bytes = new Uint8Array(buffer, offset, COUNT);
  }

  /** The line at an offset of the machine's memory must not be written directly. */
  guard(offset: number): void {
    this.#bytes[(offset >>> PAGE_SHIFT) & (COUNT - 1)] = 1;
  }
}
