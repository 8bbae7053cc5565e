import { FILTER_ENTRY_BYTES, FILTER_FETCHED, filterShapes } from './line-filter-code.ts';
import { regimeRecord } from './refill/regime-record.ts';

/** No address of an entry is odd. */
export const NOWHERE = -1;
const PAGE_SHIFT = 12;
/** Contexts of a filter: no more than the bits of a byte. */
export const FILTER_CONTEXTS = 8;
/** Pages are grouped by the low bits of their numbers; those of a group share all their places in the tables. */
export const PAGE_GROUPS = Math.max(filterShapes.read.entries, filterShapes.fetch.entries);
/** Lines of a page, one after the other in the write table. */
export const LINES_PER_PAGE = 2 ** (PAGE_SHIFT - filterShapes.write.shift);

const write = filterShapes.read.entries * FILTER_ENTRY_BYTES;
const fetch = write + filterShapes.write.entries * FILTER_ENTRY_BYTES;
const cachedRead = fetch + filterShapes.fetch.entries * FILTER_ENTRY_BYTES;
const written = cachedRead + filterShapes.cachedRead.entries * FILTER_ENTRY_BYTES;
const record = written + PAGE_GROUPS;
const stretches = record + regimeRecord.bytes;
const ALIGNMENT = 8;

/** The tables of one context; offsets in bytes. */
export const filterContext = {
  bytes: stretches + ALIGNMENT,
  /** Where caches are modelled, what is known of pages whose lines were accessed (`filteredPage`). */
  read: 0,
  write,
  fetch,
  /** In place of `read` where caches are modelled. */
  cachedRead,
  /** By group of pages: whether lines may be in the tables of lines (u8). */
  written,
  /** How to walk for it (`regimeRecord`). */
  record,
  /** A bit for each stretch of the tables of lines that the lines of a page share: whether there may be one (i32). */
  stretches,
} as const;

/** Stretches of a table of lines, each for the lines of one page: as many as a word has bits. */
export const STRETCHES = filterShapes.write.entries / LINES_PER_PAGE;

/** Where an entry for a page holds what is known of it, where caches are modelled. */
export const FILTER_PAGE = FILTER_FETCHED;

/** That: the physical number of the page, as far as it has no more bits, and what lets generated code access lines of it. */
export const filteredPage = {
  number: 2 ** 28 - 1,
  /** Somebody has read there, or written, since anything about the page changed; the second bit is above the first. */
  readable: 1 << 28,
  writable: 1 << 29,
  /** Whether its addresses are translated, and a guest's. */
  translated: 1 << 30,
  virtual: 1 << 31,
} as const;

/** Behind the contexts, by group of pages: the contexts that may know one of them (u8). */
export const FILTER_HOLDERS = FILTER_CONTEXTS * filterContext.bytes;

/** Pages of code that are kept decoded; more of them are decoded again and again. */
export const CODE_PAGES = 512;

/** Behind these, by slot of decoded pages: the lines that fetches find in the cache, a bit each (u64). */
export const FETCHED_LINES = FILTER_HOLDERS + PAGE_GROUPS;

/** Behind these, by slot too, a number of 64 bits each: the physical address of the page (f64). */
export const CODE_FRAMES = FETCHED_LINES + CODE_PAGES * 8;

/** The same for where it is in the machine's memory (u32). */
export const CODE_HOSTS = CODE_FRAMES + CODE_PAGES * 8;

/** Behind these, by place in the data cache: which entries cover its line (`coveredLine`). */
export const COVERED_LINES = CODE_HOSTS + CODE_PAGES * 8;

/** Addresses of the entries for reads and for writes, 0 for none, and where the line is in the machine's memory; words. */
export const coveredLine = { bytes: 16, read: 0, write: 4, host: 8 } as const;

/** Places of a data cache that there is room for. */
export const MOST_COVERED = 4096;

/** Bytes of memory that the filter of one hart takes. */
export const LINE_FILTER_BYTES = COVERED_LINES + MOST_COVERED * coveredLine.bytes;
