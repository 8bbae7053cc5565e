import { FILTER_ENTRY_BYTES, filterShapes } from './line-filter-code.ts';
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

/** The tables of one context; offsets in bytes. */
export const filterContext = {
  bytes: record + regimeRecord.bytes,
  read: 0,
  write,
  fetch,
  /** In place of `read` where caches are modelled. */
  cachedRead,
  /** By group of pages: whether lines may be in the tables of lines (u8). */
  written,
  /** How to walk for it (`regimeRecord`). */
  record,
} as const;

/** Behind the contexts, by group of pages: the contexts that may know one of them (u8). */
export const FILTER_HOLDERS = FILTER_CONTEXTS * filterContext.bytes;

/** Pages of code that are kept decoded; more of them are decoded again and again. */
export const CODE_PAGES = 512;

/** Behind these, by slot of decoded pages: the lines that fetches find in the cache, a bit each (u64). */
export const FETCHED_LINES = FILTER_HOLDERS + PAGE_GROUPS;

/** Bytes of memory that the filter of one hart takes. */
export const LINE_FILTER_BYTES = FETCHED_LINES + CODE_PAGES * 8;
