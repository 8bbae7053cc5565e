import { type Decoded, instructionLength, PAGE_BYTES } from '../../isa/index.ts';
import {
  EntryWriter,
  type EntryWriterSettings,
  STALL_TABLE_BYTES,
  type Stall,
} from './entry-writer.ts';
import { EntryLinks } from './entry-links.ts';
import { filterShapes } from './line-filter-code.ts';
import { ENTRY_BYTES, isRegion, packed, Special } from './packed-entry.ts';
import { entryOffset, pageEntriesBytes, pageEndOffset } from './page-layout.ts';
import { stallAfterNext, stallOfNext } from './trail.ts';

/** What decoded code depends on. */
export interface CodePagesSettings extends Omit<EntryWriterSettings, 'stallTable'> {
  /** Where entries may lie in the buffer, in bytes; `offset` is a multiple of 16. */
  readonly area: { readonly offset: number; readonly bytes: number };
  /** What an instruction word means; `undefined` is no instruction. */
  readonly decode: (word: number) => Decoded | undefined;
}

const IN_PAGE = PAGE_BYTES - 1;
const LINE_SHIFT = filterShapes.write.shift;
const LINE_BYTES = 2 ** LINE_SHIFT;
const WORD = 4;
const PARCEL = 0xffff;
/** Instructions decoded at once. */
const RUN = 64;
/** An entry depends on no more than this many bytes: its instruction and the two that follow. */
const REACH = 12;

/** Bytes of an area for the entries of that many pages of code. */
export function codeAreaBytes(pages: number, instructionAlignment: 2 | 4): number {
  return STALL_TABLE_BYTES + pages * pageEntriesBytes(instructionAlignment);
}

/**
 * The instructions of pages of the machine's memory, decoded once and kept where generated code reads them. Whoever writes
 * to memory past the filters says so, and the entries that depended on it are forgotten.
 */
export class CodePages {
  /** Address of the stalls that entries number: cycles, and where the leaf is among those of a mode (bytes). */
  readonly stallTable: number;
  /** Told of a line, by its number in the machine's memory, of which the entries are forgotten. */
  onForget: ((line: number) => void) | undefined;
  /** Told of a line, by its offset in the machine's memory, that now holds code. */
  onCode: ((offset: number) => void) | undefined;
  /** Told when no entry is where it was. */
  onFlush: (() => void) | undefined;
  /** How often everything was forgotten, so that no entry was where it had been. */
  flushCount = 0;
  readonly #settings: CodePagesSettings;
  readonly #writer: EntryWriter;
  readonly #links: EntryLinks;
  readonly #pageBytes: number;
  readonly #capacity: number;
  readonly #blank: Uint8Array;
  readonly #bytes: Uint8Array;
  readonly #halfwords: Uint16Array;
  /** Whether a line of the machine's memory holds code that is decoded. */
  readonly #isCode: Uint8Array;
  /** By slot: offset of its page in the machine's memory. */
  readonly #pages: number[] = [];
  readonly #slots = new Map<number, number>();
  /** Offsets in the machine's memory of instructions that somebody else executes. */
  readonly #pinned = new Set<number>();
  /** Offsets in the machine's memory of instructions that only the interpreter executes. */
  readonly #untranslated = new Set<number>();

  constructor(settings: CodePagesSettings) {
    const { buffer, area, instructionAlignment } = settings;
    this.#settings = settings;
    this.#pageBytes = pageEntriesBytes(instructionAlignment);
    this.#blank = this.#blankPage();
    this.#capacity = Math.floor((area.bytes - STALL_TABLE_BYTES) / this.#pageBytes);
    if (this.#capacity < 2) throw new RangeError('there is no room for decoded code');
    this.#bytes = new Uint8Array(buffer);
    this.#halfwords = new Uint16Array(buffer);
    this.#isCode = new Uint8Array(buffer.byteLength >>> LINE_SHIFT);
    this.stallTable = area.offset;
    this.#writer = new EntryWriter({ ...settings, stallTable: this.stallTable });
    const { operations, timing } = settings;
    this.#links = new EntryLinks(buffer, instructionAlignment, operations, timing.hasCaches);
  }

  /** Where the entries of the page at an offset of the machine's memory begin. */
  entriesOf(page: number): number {
    let slot = this.#slots.get(page);
    if (slot === undefined) {
      if (this.#pages.length === this.#capacity) this.flush();
      slot = this.#pages.push(page) - 1;
      this.#slots.set(page, slot);
      this.#lay(this.#start(slot));
    }
    return this.#start(slot);
  }

  /** Number of the page whose entries begin somewhere, below `CODE_PAGES`. */
  slotOf(entries: number): number {
    return Math.floor((entries - this.#start(0)) / this.#pageBytes);
  }

  /** The offset of that page in the machine's memory. */
  pageAt(slot: number): number {
    return this.#pages[slot] ?? 0;
  }

  /** The entry of an instruction by its offset in the page. */
  entry(entries: number, inPage: number): number {
    return entries + entryOffset(inPage);
  }

  /** The same, filled. */
  entryAt(entries: number, inPage: number): number {
    const entry = this.entry(entries, inPage);
    if (this.#bytes[entry + packed.op] === Special.undecoded) this.decodeAt(entry);
    return entry;
  }

  /** The instruction word of an entry; 0 of none. */
  wordOf(entry: number): number {
    if (this.trailOf(entry) === 0) return 0;
    const { page, inPage } = this.#placeOf(entry);
    return this.#wordAt(page, inPage) ?? 0;
  }

  /** What the instruction of an entry leaves to those that follow it (`trail.ts`); 0 of none. */
  trailOf(entry: number): number {
    return this.#halfwords[(entry + packed.trail) >>> 1] ?? 0;
  }

  /** Whether somebody else executes the instruction of an entry. */
  isSlow(entry: number): boolean {
    return this.#bytes[entry + packed.op] === Special.slow;
  }

  /** Whether the instruction of an entry traps or returns from a trap. */
  isTransition(entry: number): boolean {
    return this.#bytes[entry + packed.op] === Special.transition;
  }

  /** Whether the instruction of an entry is a direct transfer to itself. */
  isSelfLoop(entry: number): boolean {
    const decoded = this.decodedOf(entry);
    const timing = decoded?.instruction.timing;
    return decoded?.imm === 0n && (timing === 'branch' || timing === 'jump');
  }

  /** Leaves the instruction at a place of a page to somebody else for good. */
  pin(page: number, inPage: number): void {
    const offset = page + inPage;
    if (this.#pinned.has(offset)) return;
    this.#pinned.add(offset);
    const start = this.entriesOf(page);
    this.#setOperation(start, inPage, this.entryAt(start, inPage), Special.slow);
  }

  /** Keeps the instruction at a place of a page out of regions that are made from now on. */
  keepUntranslated(page: number, inPage: number): void {
    this.#untranslated.add(page + inPage);
  }

  /** Whether the instruction of an entry may be part of a region. */
  isTranslatable(entry: number): boolean {
    if (this.isSlow(entry) || this.isTransition(entry)) return false;
    if (this.#untranslated.size === 0) return true;
    const { page, inPage } = this.#placeOf(entry);
    return !this.#untranslated.has(page + inPage);
  }

  /** The instruction of an entry. */
  decodedOf(entry: number): Decoded | undefined {
    const word = this.wordOf(entry);
    return word === 0 ? undefined : this.#settings.decode(word);
  }

  /** How long the next instruction waits if an entry's is the first in line. */
  stallOfNext(entry: number): Stall {
    return this.#writer.stall(stallOfNext(this.trailOf(entry)));
  }

  /** How long the instruction after the next one waits, for this one or that one. */
  stallAfterNext(entry: number): Stall {
    return this.#writer.stall(stallAfterNext(this.trailOf(entry)));
  }

  /** The longest wait of any entry. */
  get mostStall(): number {
    return this.#writer.mostStall;
  }

  /** The lines, by their numbers in the machine's memory, that an entry depends on. */
  linesOf(entry: number): readonly number[] {
    const { page, inPage } = this.#placeOf(entry);
    const first = (page + inPage) >>> LINE_SHIFT;
    const last = (page + Math.min(inPage + REACH, PAGE_BYTES) - 1) >>> LINE_SHIFT;
    return first === last ? [first] : [first, last];
  }

  /** Where in its page an entry's instruction is, and where the entries of the page begin. */
  locate(entry: number): { readonly entries: number; readonly inPage: number } {
    const { start, inPage } = this.#placeOf(entry);
    return { entries: start, inPage };
  }

  /** Lets a region begin at an entry. */
  setRegion(entry: number, number: number): void {
    this.#halfwords[(entry + packed.heat) >>> 1] = isRegion | number;
  }

  /** Undoes `setRegion`, and forgets how often an entry was jumped to. */
  cool(entry: number): void {
    this.#halfwords[(entry + packed.heat) >>> 1] = 0;
  }

  /** Forgets how often anything was jumped to. */
  coolAll(): void {
    const halfwords = this.#halfwords;
    const end = (this.#start(this.#pages.length) + packed.heat) >>> 1;
    const step = ENTRY_BYTES / 2;
    for (let place = (this.#start(0) + packed.heat) >>> 1; place < end; place += step) {
      if ((halfwords[place] ?? 0) < isRegion) halfwords[place] = 0;
    }
  }

  /** Fills an entry and those that follow in line. */
  decodeAt(entry: number): void {
    const { page, start, inPage: first } = this.#placeOf(entry);
    const filled: number[] = [];
    let inPage = first;
    let decoded = this.#decodedAt(page, inPage);
    let next = decoded && this.#decodedAt(page, inPage + decoded.length);
    while (filled.length < RUN && inPage < PAGE_BYTES) {
      const place = this.entry(start, inPage);
      if (this.#bytes[place + packed.op] !== Special.undecoded) break;
      filled.push(inPage);
      if (decoded === undefined) {
        this.#bytes[place + packed.op] = Special.slow;
        break;
      }
      const end = inPage + decoded.length;
      const afterNext = next && this.#decodedAt(page, end + next.length);
      const following = end === PAGE_BYTES ? this.#pageEnd(start) : this.entry(start, end);
      this.#halfwords[(place + packed.advance) >>> 1] = following - place;
      this.#writer.writeOperands(place, decoded);
      this.#writer.writeTrail(place, decoded, next, afterNext);
      const isPinned = this.#pinned.has(page + inPage);
      const op = isPinned ? Special.slow : this.#writer.operationOf(decoded, inPage);
      this.#bytes[place + packed.op] = op;
      inPage = end;
      decoded = next;
      next = afterNext;
    }
    this.#links.changedInLine(start, filled);
  }

  #setOperation(start: number, inPage: number, entry: number, op: number): void {
    this.#bytes[entry + packed.op] = op;
    this.#links.changed(start, inPage);
  }

  /** Whether a line, by an offset in it, holds decoded code. */
  holdsCode(offset: number): boolean {
    return this.#isCode[offset >>> LINE_SHIFT] !== 0;
  }

  /** Something was written to the machine's memory. */
  written(offset: number, bytes: number): void {
    const last = (offset + bytes - 1) >>> LINE_SHIFT;
    for (let line = offset >>> LINE_SHIFT; line <= last; line += 1) {
      if (this.#isCode[line] !== 0) this.#forgetLine(line);
    }
  }

  /** Forgets everything. */
  flush(): void {
    this.flushCount += 1;
    this.onFlush?.();
    this.#pages.length = 0;
    this.#slots.clear();
    this.#isCode.fill(0);
  }

  /** Prepares the entries of a page. */
  #lay(start: number): void {
    this.#bytes.set(this.#blank, start);
  }

  /** The entries of a page of which nothing is decoded. */
  #blankPage(): Uint8Array {
    const halfwords = new Uint16Array(this.#pageBytes / 2);
    const bytes = new Uint8Array(halfwords.buffer);
    for (let inPage = 0; inPage < PAGE_BYTES; inPage += this.#settings.instructionAlignment) {
      halfwords[(this.entry(0, inPage) + packed.place) >>> 1] = inPage;
    }
    const end = this.#pageEnd(0);
    halfwords[(end + packed.place) >>> 1] = PAGE_BYTES;
    bytes[end + packed.op] = Special.pageEnd;
    return bytes;
  }

  #pageEnd(start: number): number {
    return start + pageEndOffset(this.#settings.instructionAlignment);
  }

  #decodedAt(page: number, inPage: number): Decoded | undefined {
    if (inPage >= PAGE_BYTES) return undefined;
    const word = this.#wordAt(page, inPage);
    this.#mark(page + inPage);
    return word === undefined ? undefined : this.#settings.decode(word);
  }

  /** The instruction word at a place of a page; `undefined` if it does not end in the page. */
  #wordAt(page: number, inPage: number): number | undefined {
    const first = this.#halfwords[(page + inPage) >>> 1] ?? 0;
    const isShort = this.#settings.instructionAlignment === 2 && instructionLength(first) === 2;
    if (isShort) return first & PARCEL;
    if (inPage + WORD > PAGE_BYTES) return undefined;
    const second = this.#halfwords[(page + inPage + 2) >>> 1] ?? 0;
    if (((inPage + 2) & (LINE_BYTES - 1)) === 0) this.#mark(page + inPage + 2);
    return (first | (second << 16)) >>> 0;
  }

  #mark(offset: number): void {
    const line = offset >>> LINE_SHIFT;
    if (this.#isCode[line] !== 0) return;
    this.#isCode[line] = 1;
    this.onCode?.(offset);
  }

  /** Forgets the entries of a line, and those in front of it that looked into it. */
  #forgetLine(line: number): void {
    this.#isCode[line] = 0;
    const offset = (line << LINE_SHIFT) >>> 0;
    const page = offset - (offset & IN_PAGE);
    const slot = this.#slots.get(page);
    if (slot === undefined) return;
    const start = this.#start(slot);
    const step = this.#settings.instructionAlignment;
    const from = Math.max(0, (offset & IN_PAGE) - REACH);
    const to = (offset & IN_PAGE) + LINE_BYTES;
    this.onForget?.(line);
    for (let inPage = from; inPage < to; inPage += step) {
      const entry = this.entry(start, inPage);
      this.#bytes.fill(0, entry, entry + packed.place);
      this.cool(entry);
    }
    for (let inPage = from; inPage < from + WORD; inPage += step)
      this.#links.changed(start, inPage);
  }

  #placeOf(entry: number): {
    readonly page: number;
    readonly start: number;
    readonly inPage: number;
  } {
    const slot = Math.floor((entry - this.#start(0)) / this.#pageBytes);
    const inPage = this.#halfwords[(entry + packed.place) >>> 1] ?? 0;
    return { page: this.#pages[slot] ?? 0, start: this.#start(slot), inPage };
  }

  #start(slot: number): number {
    return this.stallTable + STALL_TABLE_BYTES + slot * this.#pageBytes;
  }
}
