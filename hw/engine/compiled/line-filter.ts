import {
  FILTER_ADDEND,
  FILTER_ENTRY_BYTES,
  FILTER_FETCHED,
  filterShapes,
} from './line-filter-code.ts';
import {
  FILTER_CONTEXTS,
  FILTER_HOLDERS,
  filterContext,
  FILTER_PAGE,
  filteredPage,
  LINES_PER_PAGE,
  NOWHERE,
  PAGE_GROUPS,
  STRETCHES,
} from './line-filter-layout.ts';
import { regimeRecord } from './refill/regime-record.ts';

const WORD = 4;
const ENTRY_WORDS = FILTER_ENTRY_BYTES / WORD;
const ADDEND = FILTER_ADDEND / WORD;
const FETCHED = FILTER_FETCHED / WORD;
const PAGE = FILTER_PAGE / WORD;
const PAGE_SHIFT = 12;
const PAGE_BYTES = 2 ** PAGE_SHIFT;
const LINE_BYTES = 2 ** filterShapes.write.shift;
/** Of an address, the bits that the entries of each table have in common. */
const READ_MASK = -(2 ** filterShapes.read.shift);
const WRITE_MASK = -LINE_BYTES;
const PAGE_MASK = -(2 ** PAGE_SHIFT);
const TABLES_BYTES = filterContext.written;
const STRETCH_SHIFT = Math.log2(LINES_PER_PAGE);
const LINE_SHIFT = filterShapes.write.shift;
const STRETCH_OF_ADDRESS = LINE_SHIFT + STRETCH_SHIFT;
/** Words of the table of fetches. */
const FETCH_BEGIN = filterContext.fetch / WORD;
const FETCH_END = filterContext.cachedRead / WORD;

/** What entries for pages let generated code do. */
const ALLOWED = filteredPage.readable | filteredPage.writable;

/** An access to a page, as the tables of pages note it. */
export interface PageAccess {
  readonly isWrite: boolean;
  /** Whether lines of the page may be written directly from now on, if none is guarded (`GuardedPages`). */
  readonly isFree: boolean;
  readonly isTranslated: boolean;
  readonly isVirtual: boolean;
}

/** The tables of one address space as one mode sees it. */
interface Context {
  /** Its bit in a set of contexts. */
  readonly bit: number;
  key: number;
  /** Must be cleared before it is used. */
  isStale: boolean;
  readonly read: number;
  readonly write: number;
  readonly fetch: number;
  readonly words: Int32Array;
  /** By group of pages: whether lines may be in the tables of lines. */
  readonly written: Uint8Array;
  /** See `filterContext.stretches`: one word. */
  readonly stretches: Int32Array;
  /** Whether generated code may walk tables for it (`regimeRecord`), as the regime that is noted does. */
  readonly record: Int32Array;
  regime: object | undefined;
}

/**
 * Recently used pages and lines of one hart, where generated code finds them: an access that hits changes nothing but
 * memory. There are tables for several contexts, since guest and hypervisor alternate; a context is a key that stands for
 * everything that translation and protection depend on.
 */
export class LineFilter {
  readonly #contexts: readonly Context[];
  /** By group of pages: the contexts that may know one of them. */
  readonly #holders: Uint8Array;
  #nextContext = 0;
  #data: Context;
  #fetch: Context;
  #isSettled = false;
  #generation = 0;
  /** The buffer. */
  readonly #all: Int32Array;
  /** The tables of lines, by where they have their places. */
  readonly #tables: readonly ((line: number) => number)[];

  /** Uses `LINE_FILTER_BYTES` at `offset`, a multiple of 8, of the buffer; `readsByLine` where caches are modelled. */
  constructor(buffer: ArrayBufferLike, offset: number, readsByLine = false) {
    this.#all = new Int32Array(buffer);
    this.#tables = readsByLine ? [writeSlot, cachedReadSlot] : [writeSlot];
    const contexts = Array.from({ length: FILTER_CONTEXTS }, (_, index): Context => {
      const start = offset + index * filterContext.bytes;
      return {
        bit: 1 << index,
        key: -1,
        isStale: true,
        read: start + (readsByLine ? filterContext.cachedRead : filterContext.read),
        write: start + filterContext.write,
        fetch: start + filterContext.fetch,
        words: new Int32Array(buffer, start, TABLES_BYTES / WORD),
        written: new Uint8Array(buffer, start + filterContext.written, PAGE_GROUPS),
        stretches: new Int32Array(buffer, start + filterContext.stretches, 1).fill(-1),
        record: new Int32Array(buffer, start + filterContext.record, regimeRecord.bytes / WORD),
        regime: undefined,
      };
    });
    this.#holders = new Uint8Array(buffer, offset + FILTER_HOLDERS, PAGE_GROUPS);
    const [first] = contexts;
    if (first === undefined) throw new Error('a filter without contexts');
    this.#contexts = contexts;
    this.#data = first;
    this.#fetch = first;
  }

  /** Changes to the contexts of data accesses, made under a regime, and of fetches. */
  enter(dataKey: number, fetchKey: number, regime: object): void {
    this.#isSettled = false;
    if (this.#data.key !== dataKey) this.#data = this.#find(dataKey, this.#fetch);
    if (this.#data.regime !== regime) {
      // Its hits are the same, its tables may be others.
      this.#data.regime = regime;
      disarm(this.#data);
    }
    if (this.#fetch.key === fetchKey) return;
    this.#fetch = this.#data.key === fetchKey ? this.#data : this.#find(fetchKey, this.#data);
  }

  /** Another number whenever tables that were fit for use may have ceased to be, or have become another context's. */
  get generation(): number {
    return this.#generation;
  }

  /** Whether the contexts in force are fit for use. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Makes the contexts in force fit for use. */
  settle(): void {
    this.#isSettled = true;
    if (this.#data.isStale) this.#clear(this.#data);
    if (this.#fetch.isStale) this.#clear(this.#fetch);
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

  /** Where the context of data accesses keeps how to walk for it (`regimeRecord`). */
  get record(): number {
    return this.#data.record.byteOffset;
  }

  /** Adds the line around an address for reads, in the same way as `addWrite`; the address of its entry. */
  addReadLine(high: number, low: number, host: number): number {
    return this.#addLine(cachedReadSlot(low >>> filterShapes.cachedRead.shift), high, low, host);
  }

  /** Adds the page around an address, in halves whatever their sign, that lies at `host` in the machine's memory. */
  addRead(high: number, low: number, host: number): void {
    const { words } = this.#data;
    const slot = readSlot(low);
    words[slot] = low & READ_MASK;
    words[slot + 1] = high;
    words[slot + ADDEND] = host - low;
    this.#hold(this.#data, low);
  }

  /**
   * Notes, where caches are modelled, that somebody accessed the page around an address that lies at `host` in the machine's memory, and
   * whose physical address is `frame`.
   */
  addPage(high: number, low: number, host: number, frame: number, access: PageAccess): void {
    const number = frame / PAGE_BYTES;
    if (number > filteredPage.number) return;
    const { words } = this.#data;
    const slot = readSlot(low);
    const isKnown = words[slot] === (low & READ_MASK) && words[slot + 1] === (high | 0);
    const known = isKnown ? (words[slot + PAGE] ?? 0) : 0;
    words[slot] = low & READ_MASK;
    words[slot + 1] = high;
    words[slot + ADDEND] = host - low;
    words[slot + PAGE] = number | infoOf(access) | (known & ALLOWED);
    this.#hold(this.#data, low);
  }

  /** Adds the line around an address for writes, in the same way; the address of its entry. */
  addWrite(high: number, low: number, host: number): number {
    return this.#addLine(writeSlot(low >>> filterShapes.write.shift), high, low, host);
  }

  #addLine(slot: number, high: number, low: number, host: number): number {
    const { words, written } = this.#data;
    const { stretches } = this.#data;
    const stretch = 1 << ((low >>> STRETCH_OF_ADDRESS) & (STRETCHES - 1));
    stretches[0] = (stretches[0] ?? 0) | stretch;
    words[slot] = low & WRITE_MASK;
    words[slot + 1] = high;
    words[slot + ADDEND] = host - low;
    written[groupOf(low)] = 1;
    this.#hold(this.#data, low);
    return words.byteOffset + slot * WORD;
  }

  /** Adds a page of code whose entries begin at `base`; `fetched` is where its lines are noted that are in the cache. */
  addCode(high: number, low: number, base: number, fetched = 0): void {
    const slot = fetchSlot(low);
    const { words } = this.#fetch;
    words[slot] = low & PAGE_MASK;
    words[slot + 1] = high;
    words[slot + ADDEND] = base;
    words[slot + FETCHED] = fetched;
    this.#hold(this.#fetch, low);
  }

  /** Where the entries of the page around an address begin, or 0 if that is not known. */
  codeAt(high: number, low: number): number {
    const slot = fetchSlot(low);
    const { words } = this.#fetch;
    const isHere = words[slot] === (low & PAGE_MASK) && words[slot + 1] === (high | 0);
    return isHere ? (words[slot + ADDEND] ?? 0) >>> 0 : 0;
  }

  /** Forgets everything. */
  flush(): void {
    this.#isSettled = false;
    this.#generation += 1;
    for (const context of this.#contexts) {
      context.isStale = true;
      disarm(context);
    }
  }

  /** Forgets a virtual page, in every context. */
  dropPage(high: number, low: number): void {
    const group = groupOf(low);
    const holders = this.#holders[group] ?? 0;
    if (holders === 0) return;
    const page = low & PAGE_MASK;
    let left = 0;
    for (const context of this.#contexts) {
      if ((holders & context.bit) === 0) continue;
      if (!dropFrom(context, high | 0, page, this.#tables)) left |= context.bit;
    }
    this.#holders[group] = left;
  }

  /** Forgets every way to write to the line at an offset of the machine's memory. */
  dropLine(offset: number): void {
    const line = offset >>> filterShapes.write.shift;
    for (const { isStale, words, stretches } of this.#contexts) {
      if (isStale) continue;
      for (let left = stretches[0] ?? 0; left !== 0; left &= left - 1) {
        const slot = writeSlot(firstLineOf(left) + (line & (LINES_PER_PAGE - 1)));
        const host = (words[slot] ?? 0) + (words[slot + ADDEND] ?? 0);
        if (host >>> filterShapes.write.shift === line) words[slot] = NOWHERE;
      }
    }
  }

  /** Forgets the line at an offset of the machine's memory in an entry that `addReadLine` or `addWrite` named, if it is still there. */
  dropEntry(address: number, offset: number): void {
    const all = this.#all;
    const entry = address / WORD;
    const host = (all[entry] ?? 0) + (all[entry + ADDEND] ?? 0);
    if (all[entry] !== NOWHERE && host >>> LINE_SHIFT === offset >>> LINE_SHIFT)
      all[entry] = NOWHERE;
  }

  /** Forgets where code is. */
  dropCode(): void {
    for (const { isStale, words } of this.#contexts) {
      if (!isStale) words.fill(NOWHERE, FETCH_BEGIN, FETCH_END);
    }
  }

  #hold({ bit }: Context, low: number): void {
    const group = groupOf(low);
    this.#holders[group] = (this.#holders[group] ?? 0) | bit;
  }

  #clear(context: Context): void {
    const { words } = context;
    words.fill(NOWHERE, 0, filterContext.write / WORD);
    words.fill(NOWHERE, FETCH_BEGIN, FETCH_END);
    for (let left = context.stretches[0] ?? 0; left !== 0; left &= left - 1) {
      for (const slotOf of this.#tables) {
        const slot = slotOf(firstLineOf(left));
        words.fill(NOWHERE, slot, slot + LINES_PER_PAGE * ENTRY_WORDS);
      }
    }
    context.stretches[0] = 0;
    context.written.fill(0);
    disarm(context);
    context.isStale = false;
    const others = ~context.bit;
    for (let group = 0; group < PAGE_GROUPS; group += 1) {
      this.#holders[group] = (this.#holders[group] ?? 0) & others;
    }
  }

  #find(key: number, other: Context): Context {
    for (const context of this.#contexts) if (context.key === key) return context;
    let context: Context | undefined;
    do {
      context = this.#contexts[this.#nextContext];
      this.#nextContext = (this.#nextContext + 1) % FILTER_CONTEXTS;
    } while (context === undefined || context === other);
    context.key = key;
    context.isStale = true;
    this.#generation += 1;
    return context;
  }
}

/** Leaves walks to somebody else. */
function disarm({ record }: Context): void {
  record[regimeRecord.isArmed / WORD] = 0;
}

/** Forgets a page, with its lines in some tables; whether no page of its group is left. */
function dropFrom(
  { words, written }: Context,
  high: number,
  page: number,
  tables: readonly ((line: number) => number)[],
): boolean {
  let isEmpty = drop(words, readSlot(page), high, page);
  if (!drop(words, fetchSlot(page), high, page)) isEmpty = false;
  const group = groupOf(page);
  if (written[group] === 0) return isEmpty;
  let hasLines = false;
  for (let line = 0; line < LINES_PER_PAGE; line += 1) {
    const address = page + line * LINE_BYTES;
    for (const slotOf of tables) {
      const slot = slotOf(address >>> LINE_SHIFT);
      if (!drop(words, slot, high, address) && groupOf(words[slot] ?? 0) === group) hasLines = true;
    }
  }
  written[group] = hasLines ? 1 : 0;
  return isEmpty && !hasLines;
}

/** Forgets what begins at an address; whether its place is empty. */
function drop(words: Int32Array, slot: number, high: number, low: number): boolean {
  if (words[slot] === low && words[slot + 1] === high) words[slot] = NOWHERE;
  return words[slot] === NOWHERE;
}

/** The first line of the lowest stretch in a set of them. */
function firstLineOf(stretches: number): number {
  return (31 - Math.clz32(stretches & -stretches)) << STRETCH_SHIFT;
}

function groupOf(low: number): number {
  return (low >>> PAGE_SHIFT) & (PAGE_GROUPS - 1);
}

function readSlot(low: number): number {
  return ((low >>> PAGE_SHIFT) & (filterShapes.read.entries - 1)) * ENTRY_WORDS;
}

function writeSlot(line: number): number {
  return filterContext.write / WORD + (line & (filterShapes.write.entries - 1)) * ENTRY_WORDS;
}

function cachedReadSlot(line: number): number {
  const { entries } = filterShapes.cachedRead;
  return filterContext.cachedRead / WORD + (line & (entries - 1)) * ENTRY_WORDS;
}

function fetchSlot(low: number): number {
  const index = (low >>> PAGE_SHIFT) & (filterShapes.fetch.entries - 1);
  return filterContext.fetch / WORD + index * ENTRY_WORDS;
}

/** The bits of `filteredPage` that an access gives rise to. */
function infoOf({ isWrite, isFree, isTranslated, isVirtual }: PageAccess): number {
  const { readable, writable, translated, virtual } = filteredPage;
  const allowed = isWrite ? (isFree ? writable : 0) : readable;
  return allowed | (isTranslated ? translated : 0) | (isVirtual ? virtual : 0);
}
