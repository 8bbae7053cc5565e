import { FILTER_ADDEND, FILTER_ENTRY_BYTES, filterShapes } from './line-filter-code.ts';

const WORD = 4;
const ENTRY_WORDS = FILTER_ENTRY_BYTES / WORD;
const ADDEND = FILTER_ADDEND / WORD;
/** No address of an entry is odd. */
const NOWHERE = 0xffff_ffff;
const PAGE_SHIFT = 12;
const LINE_BYTES = 2 ** filterShapes.write.shift;
const LINES_PER_PAGE = 2 ** (PAGE_SHIFT - filterShapes.write.shift);
const CONTEXTS = 8;

const readBytes = filterShapes.read.entries * FILTER_ENTRY_BYTES;
const writeBytes = filterShapes.write.entries * FILTER_ENTRY_BYTES;
const fetchBytes = filterShapes.fetch.entries * FILTER_ENTRY_BYTES;
const contextBytes = readBytes + writeBytes + fetchBytes;

/** Bytes of memory that the filter of one hart takes. */
export const LINE_FILTER_BYTES = CONTEXTS * contextBytes;

/** The tables of one address space as one mode sees it. */
interface Context {
  key: number;
  /** Must be cleared before it is used. */
  isStale: boolean;
  readonly read: number;
  readonly write: number;
  readonly fetch: number;
  readonly words: Uint32Array;
  /** Whether lines of a page, by its low bits, may be in the write table. */
  readonly written: Uint8Array;
}

/**
 * Recently used pages and lines of one hart, where generated code finds them: an access that hits changes nothing but
 * memory. There are tables for several contexts, since guest and hypervisor alternate; a context is a key that stands for
 * everything that translation and protection depend on.
 */
export class LineFilter {
  readonly #contexts: readonly Context[];
  #nextContext = 0;
  #data: Context;
  #fetch: Context;
  #isSettled = false;

  /** Uses `LINE_FILTER_BYTES` at `offset`, a multiple of 8, of the buffer. */
  constructor(buffer: ArrayBufferLike, offset: number) {
    const contexts = Array.from({ length: CONTEXTS }, (_, index): Context => {
      const start = offset + index * contextBytes;
      return {
        key: -1,
        isStale: true,
        read: start,
        write: start + readBytes,
        fetch: start + readBytes + writeBytes,
        words: new Uint32Array(buffer, start, contextBytes / WORD),
        written: new Uint8Array(filterShapes.write.entries),
      };
    });
    const [first] = contexts;
    if (first === undefined) throw new Error('a filter without contexts');
    this.#contexts = contexts;
    this.#data = first;
    this.#fetch = first;
  }

  /** Changes to the contexts of data accesses and of fetches. */
  enter(dataKey: number, fetchKey: number): void {
    this.#isSettled = false;
    if (this.#data.key !== dataKey) this.#data = this.#find(dataKey, this.#fetch);
    if (this.#fetch.key === fetchKey) return;
    this.#fetch = this.#data.key === fetchKey ? this.#data : this.#find(fetchKey, this.#data);
  }

  /** Whether the contexts in force are fit for use. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Makes the contexts in force fit for use. */
  settle(): void {
    this.#isSettled = true;
    if (this.#data.isStale) clear(this.#data);
    if (this.#fetch.isStale) clear(this.#fetch);
  }

  /** Where the tables in force are. */
  get read(): number {
    return this.#data.read;
  }
  get write(): number {
    return this.#data.write;
  }
  get fetch(): number {
    return this.#fetch.fetch;
  }

  /** Adds the page or line around an address, unsigned halves, that lies at `host` in the machine's memory. */
  add(kind: 'read' | 'write', high: number, low: number, host: number): void {
    const context = this.#data;
    const { shift, entries } = filterShapes[kind];
    const start = kind === 'read' ? 0 : readBytes / WORD;
    const slot = start + ((low >>> shift) & (entries - 1)) * ENTRY_WORDS;
    context.words[slot] = (low & -(2 ** shift)) >>> 0;
    context.words[slot + 1] = high;
    context.words[slot + ADDEND] = (host - low) >>> 0;
    if (kind === 'write') context.written[pageIndex(low)] = 1;
  }

  /** Adds a page of code whose entries begin at `base`. */
  addCode(high: number, low: number, base: number): void {
    const slot = fetchSlot(low);
    const { words } = this.#fetch;
    words[slot] = (low & -(2 ** PAGE_SHIFT)) >>> 0;
    words[slot + 1] = high;
    words[slot + ADDEND] = base;
  }

  /** Where the entries of the page around an address begin, or 0 if that is not known. */
  codeAt(high: number, low: number): number {
    const slot = fetchSlot(low);
    const { words } = this.#fetch;
    const isHere = words[slot] === (low & -(2 ** PAGE_SHIFT)) >>> 0 && words[slot + 1] === high;
    return isHere ? (words[slot + ADDEND] ?? 0) : 0;
  }

  /** Forgets everything. */
  flush(): void {
    this.#isSettled = false;
    for (const context of this.#contexts) context.isStale = true;
  }

  /** Forgets a virtual page, in every context. */
  dropPage(high: number, low: number): void {
    const page = (low & -(2 ** PAGE_SHIFT)) >>> 0;
    for (const context of this.#contexts) {
      if (context.isStale) continue;
      const { words } = context;
      drop(
        words,
        ((page >>> PAGE_SHIFT) & (filterShapes.read.entries - 1)) * ENTRY_WORDS,
        high,
        page,
      );
      drop(words, fetchSlot(page), high, page);
      if (context.written[pageIndex(page)] === 0) continue;
      for (let line = 0; line < LINES_PER_PAGE; line += 1) {
        const address = page + line * LINE_BYTES;
        drop(words, writeSlot(address >>> filterShapes.write.shift), high, address);
      }
    }
  }

  /** Forgets every way to write to the line at an offset of the machine's memory. */
  dropLine(offset: number): void {
    const line = offset >>> filterShapes.write.shift;
    for (const { isStale, words } of this.#contexts) {
      if (isStale) continue;
      for (let page = 0; page < filterShapes.write.entries; page += LINES_PER_PAGE) {
        const slot = writeSlot(page + (line & (LINES_PER_PAGE - 1)));
        const host = (words[slot] ?? 0) + (words[slot + ADDEND] ?? 0);
        if (host >>> filterShapes.write.shift === line) words[slot] = NOWHERE;
      }
    }
  }

  /** Forgets where code is. */
  dropCode(): void {
    for (const { isStale, words } of this.#contexts) {
      if (!isStale) words.fill(NOWHERE, (readBytes + writeBytes) / WORD);
    }
  }

  #find(key: number, other: Context): Context {
    for (const context of this.#contexts) if (context.key === key) return context;
    let context: Context | undefined;
    do {
      context = this.#contexts[this.#nextContext];
      this.#nextContext = (this.#nextContext + 1) % CONTEXTS;
    } while (context === undefined || context === other);
    context.key = key;
    context.isStale = true;
    return context;
  }
}

function clear(context: Context): void {
  context.words.fill(NOWHERE);
  context.written.fill(0);
  context.isStale = false;
}

function drop(words: Uint32Array, slot: number, high: number, low: number): void {
  if (words[slot] === low && words[slot + 1] === high) words[slot] = NOWHERE;
}

function pageIndex(low: number): number {
  return (low >>> PAGE_SHIFT) & (filterShapes.write.entries - 1);
}

function writeSlot(line: number): number {
  return readBytes / WORD + (line & (filterShapes.write.entries - 1)) * ENTRY_WORDS;
}

function fetchSlot(low: number): number {
  const index = (low >>> PAGE_SHIFT) & (filterShapes.fetch.entries - 1);
  return (readBytes + writeBytes) / WORD + index * ENTRY_WORDS;
}
