import { type Decoded, instructionLength, PAGE_BYTES } from '../../isa/index.ts';
import { hartStateOffsets } from '../hart-state.ts';
import { LEAF_BYTES } from './book-code.ts';
import { filterShapes } from './line-filter-code.ts';
import { directNumber } from './direct-csr.ts';
import type { EngineTiming } from './engine-timing.ts';
import { type OperationTable, transferVariant } from './operations.ts';
import { ENTRY_BYTES, ENTRY_SHIFT, packed, side, Special } from './packed-entry.ts';
import { isPlainAnywhere } from './plain-instruction.ts';

/** What decoded code depends on. */
export interface CodePagesSettings {
  readonly buffer: ArrayBuffer;
  /** Where entries may lie in the buffer, in bytes; `offset` is a multiple of 16. */
  readonly area: { readonly offset: number; readonly bytes: number };
  readonly instructionAlignment: 2 | 4;
  readonly operations: OperationTable;
  readonly timing: EngineTiming;
  /** What an instruction word means; `undefined` is no instruction. */
  readonly decode: (word: number) => Decoded | undefined;
}

/** A wait, and the number of the mechanism that owns it. */
interface Stall {
  readonly cycles: number;
  readonly leaf: number;
}

const NO_STALL: Stall = { cycles: 0, leaf: 0 };
const IN_PAGE = PAGE_BYTES - 1;
const LINE_SHIFT = filterShapes.write.shift;
const LINE_BYTES = 2 ** LINE_SHIFT;
const STALLS = 256;
const STALL_BYTES = 8;
const WORD = 4;
const PARCEL = 0xffff;
/** Instructions decoded at once. */
const RUN = 64;
/** An entry depends on no more than this many bytes: its instruction and the two that follow. */
const REACH = 12;

/** Bytes in front of the pages: the entry of no instruction, and the stalls. */
const HEADER_BYTES = ENTRY_BYTES + STALLS * STALL_BYTES;
/** Entries and their side words, of each page. */
const SIDE_SHARE = side.bytes / ENTRY_BYTES;

function pageBytes(instructionAlignment: 2 | 4): number {
  return (PAGE_BYTES / instructionAlignment + 1) * ENTRY_BYTES;
}

/** Bytes of an area for the entries of that many pages of code. */
export function codeAreaBytes(pages: number, instructionAlignment: 2 | 4): number {
  return (HEADER_BYTES + pages * pageBytes(instructionAlignment)) * (1 + SIDE_SHARE);
}

/**
 * The instructions of pages of the machine's memory, decoded once and kept where generated code reads them. Whoever writes
 * to memory past the filters says so, and the entries that depended on it are forgotten.
 */
export class CodePages {
  /** Address of the entry that stands for no instruction. */
  readonly noEntry: number;
  /** Address of the stalls that entries number: cycles, and where the leaf is among those of a mode (bytes). */
  readonly stallTable: number;
  /** Address of the side word of `noEntry`; those of the others follow in the order of entries. */
  readonly sideWords: number;
  /** Told of a line, by its number in the machine's memory, of which the entries are forgotten. */
  onForget: ((line: number) => void) | undefined;
  /** Told of a line, by its offset in the machine's memory, that now holds code. */
  onCode: ((offset: number) => void) | undefined;
  /** Told when no entry is where it was. */
  onFlush: (() => void) | undefined;
  readonly #settings: CodePagesSettings;
  readonly #spread: number;
  readonly #pageBytes: number;
  readonly #capacity: number;
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;
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
  readonly #stalls: Stall[] = [];

  constructor(settings: CodePagesSettings) {
    const { buffer, area, instructionAlignment } = settings;
    this.#settings = settings;
    this.#spread = ENTRY_SHIFT - Math.log2(instructionAlignment);
    this.#pageBytes = pageBytes(instructionAlignment);
    const room = Math.floor(area.bytes / (1 + SIDE_SHARE));
    this.#capacity = Math.floor((room - HEADER_BYTES) / this.#pageBytes);
    if (this.#capacity < 2) throw new RangeError('there is no room for decoded code');
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Uint32Array(buffer);
    this.#halfwords = new Uint16Array(buffer);
    this.#isCode = new Uint8Array(buffer.byteLength >>> LINE_SHIFT);
    this.noEntry = area.offset;
    this.sideWords = area.offset + room - (room % ENTRY_BYTES);
    this.stallTable = area.offset + ENTRY_BYTES;
    this.#stallNumber(0, 0);
  }

  /** Where the entries of the page at an offset of the machine's memory begin. */
  entriesOf(page: number): number {
    let slot = this.#slots.get(page);
    if (slot === undefined) {
      if (this.#pages.length === this.#capacity) this.flush();
      slot = this.#pages.push(page) - 1;
      this.#slots.set(page, slot);
      const start = this.#start(slot);
      this.#clear(start, start + this.#pageBytes);
      this.#bytes[start + this.#pageBytes - ENTRY_BYTES + packed.op] = Special.pageEnd;
    }
    return this.#start(slot);
  }

  /** The entry of an instruction by its offset in the page, filled. */
  entryAt(entries: number, inPage: number): number {
    const entry = entries + (inPage << this.#spread);
    if (this.#bytes[entry + packed.op] === Special.undecoded) this.decodeAt(entry);
    return entry;
  }

  /** The instruction word of an entry; 0 of none. */
  wordOf(entry: number): number {
    return this.#words[(entry + packed.word) >>> 2] ?? 0;
  }

  /** Whether somebody else executes the instruction of an entry. */
  isSlow(entry: number): boolean {
    return this.#bytes[entry + packed.op] === Special.slow;
  }

  /** Whether the instruction of an entry is a direct transfer to itself. */
  isSelfLoop(entry: number): boolean {
    const word = this.wordOf(entry);
    const decoded = word === 0 ? undefined : this.#settings.decode(word);
    const timing = decoded?.instruction.timing;
    return decoded?.imm === 0n && (timing === 'branch' || timing === 'jump');
  }

  /** Leaves the instruction at a place of a page to somebody else for good. */
  pin(page: number, inPage: number): void {
    const offset = page + inPage;
    if (this.#pinned.has(offset)) return;
    this.#pinned.add(offset);
    const entry = this.entryAt(this.entriesOf(page), inPage);
    this.#bytes[entry + packed.op] = Special.slow;
  }

  /** Keeps the instruction at a place of a page out of regions that are made from now on. */
  keepUntranslated(page: number, inPage: number): void {
    this.#untranslated.add(page + inPage);
  }

  /** Whether the instruction of an entry may be part of a region. */
  isTranslatable(entry: number): boolean {
    if (this.operationOf(entry) === Special.slow) return false;
    if (this.#untranslated.size === 0) return true;
    const { page, inPage } = this.#placeOf(entry);
    return !this.#untranslated.has(page + inPage);
  }

  /** What the interpreter does for an entry, whether a region begins there or not. */
  operationOf(entry: number): number {
    const operation = this.#bytes[entry + packed.op] ?? 0;
    return operation === Special.region ? this.#sideOf(entry) & side.operationMask : operation;
  }

  /** The instruction of an entry. */
  decodedOf(entry: number): Decoded | undefined {
    return this.#settings.decode(this.wordOf(entry));
  }

  /** How long the next instruction waits if an entry's is the first in line. */
  stallOfNext(entry: number): Stall {
    return this.#stalls[this.#bytes[entry + packed.stallOfNext] ?? 0] ?? NO_STALL;
  }

  /** How long the instruction after the next one waits, for this one or that one. */
  stallAfterNext(entry: number): Stall {
    return this.#stalls[this.#bytes[entry + packed.stallAfterNext] ?? 0] ?? NO_STALL;
  }

  /** The longest wait of any entry. */
  get mostStall(): number {
    return Math.max(...this.#stalls.map(({ cycles }) => cycles));
  }

  /** The lines, by their numbers in the machine's memory, of an instruction of an entry. */
  linesOf(entry: number): readonly number[] {
    const { page, inPage } = this.#placeOf(entry);
    const first = (page + inPage) >>> LINE_SHIFT;
    const last = (page + inPage + 3) >>> LINE_SHIFT;
    return first === last ? [first] : [first, last];
  }

  /** Where in its page an entry's instruction is, and where the entries of the page begin. */
  locate(entry: number): { readonly entries: number; readonly inPage: number } {
    const { start, inPage } = this.#placeOf(entry);
    return { entries: start, inPage };
  }

  /** Lets a region begin at an entry. */
  setRegion(entry: number, number: number): void {
    const operation = this.operationOf(entry);
    this.#setSide(entry, side.isRegion | (number << side.regionShift) | operation);
    this.#bytes[entry + packed.op] = Special.region;
  }

  /** Undoes `setRegion`. */
  clearRegion(entry: number): void {
    if (this.#bytes[entry + packed.op] !== Special.region) return;
    this.#bytes[entry + packed.op] = this.operationOf(entry);
    this.cool(entry);
  }

  /** Forgets how often an entry was jumped to. */
  cool(entry: number): void {
    this.#setSide(entry, 0);
  }

  /** Fills an entry and those that follow in line. */
  decodeAt(entry: number): void {
    const { page, start, inPage: first } = this.#placeOf(entry);
    let inPage = first;
    for (let count = 0; count < RUN && inPage < PAGE_BYTES; count += 1) {
      const place = start + (inPage << this.#spread);
      if (this.#bytes[place + packed.op] !== Special.undecoded) return;
      const length = this.#fill(place, page, inPage);
      if (length === 0) return;
      inPage += length;
    }
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
    this.onFlush?.();
    this.#pages.length = 0;
    this.#slots.clear();
    this.#isCode.fill(0);
  }

  /** Fills one entry; the length of its instruction, or 0 where decoding in line ends. */
  #fill(place: number, page: number, inPage: number): number {
    const word = this.#wordAt(page, inPage);
    this.#mark(page + inPage);
    const decoded = word === undefined ? undefined : this.#settings.decode(word);
    if (decoded === undefined) {
      this.#bytes[place + packed.op] = Special.slow;
      return 0;
    }
    const { length } = decoded;
    this.#bytes[place + packed.op] = this.#pinned.has(page + inPage)
      ? Special.slow
      : this.#operationOf(decoded, inPage);
    this.#bytes[place + packed.advance] = length << this.#spread;
    this.#fillOperands(place, decoded);
    this.#words[(place + packed.word) >>> 2] = decoded.word;
    this.#fillStalls(place, page, inPage + length, decoded);
    return length;
  }

  /** An instruction has the integer or the floating-point operand of a place; a third register has that of the immediate. */
  #fillOperands(place: number, decoded: Decoded): void {
    const { rd, rs1, rs2, frd, frs1, frs2, frs3, imm, instruction } = decoded;
    const sink = hartStateOffsets.sink - hartStateOffsets.x;
    const isFloat = instruction.effects.some(({ effect }) => effect === 'writeFloat');
    const integer = rd === 0 ? sink : rd * 8;
    this.#halfwords[(place + packed.rd) >>> 1] = isFloat ? frd * 8 : integer;
    this.#bytes[place + packed.rs1] = (rs1 | frs1) * 8;
    this.#bytes[place + packed.rs2] = (rs2 | frs2) * 8;
    if (instruction.timing === 'csr') this.#bytes[place + packed.csr] = directNumber(decoded) ?? 0;
    this.#words[(place + packed.imm) >>> 2] = Number(BigInt.asUintN(32, imm)) | (frs3 * 8);
  }

  #fillStalls(place: number, page: number, nextInPage: number, decoded: Decoded): void {
    const { timing } = this.#settings;
    const next = this.#decodedAt(page, nextInPage);
    if (next === undefined) return;
    const first = timing.stall(undefined, decoded, next);
    this.#bytes[place + packed.stallOfNext] = this.#stallNumber(first.cycles, first.leaf);
    const afterNext = this.#decodedAt(page, nextInPage + next.length);
    if (afterNext === undefined) return;
    const second = timing.stall(decoded, next, afterNext);
    this.#bytes[place + packed.stallAfterNext] = this.#stallNumber(second.cycles, second.leaf);
  }

  #operationOf(decoded: Decoded, inPage: number): number {
    if (!isPlainAnywhere(decoded)) return Special.slow;
    const { instruction, rd, imm } = decoded;
    const [effect] = instruction.effects;
    const isDirect = instruction.timing === 'branch' || instruction.timing === 'jump';
    const target = inPage + Number(imm);
    const isNear = isDirect && target >= 0 && target < PAGE_BYTES;
    if (isDirect && (Number(imm) & (this.#settings.instructionAlignment - 1)) !== 0) {
      return Special.slow;
    }
    // A branch to the next instruction counts as not taken, whatever its condition.
    if (instruction.timing === 'branch' && Number(imm) === decoded.length) return Special.slow;
    const isLost = rd === 0 && effect?.effect === 'write' && !('action' in effect.value);
    if (isLost && instruction.timing === 'integer') return Special.nothing;
    const number = this.#settings.operations.numberOf(
      instruction,
      transferVariant(decoded, isNear),
    );
    return number ?? Special.slow;
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
    const from = Math.max(0, (offset & IN_PAGE) - REACH);
    const to = (offset & IN_PAGE) + LINE_BYTES;
    this.onForget?.(line);
    this.#clear(start + (from << this.#spread), start + (to << this.#spread));
  }

  #placeOf(entry: number): {
    readonly page: number;
    readonly start: number;
    readonly inPage: number;
  } {
    const slot = Math.floor((entry - this.#start(0)) / this.#pageBytes);
    const start = this.#start(slot);
    return { page: this.#pages[slot] ?? 0, start, inPage: (entry - start) >>> this.#spread };
  }

  #clear(from: number, to: number): void {
    this.#bytes.fill(0, from, to);
    this.#words.fill(0, this.#sidePlace(from), this.#sidePlace(to));
  }

  #sidePlace(entry: number): number {
    return (this.sideWords + (entry - this.noEntry) * SIDE_SHARE) >>> 2;
  }

  #sideOf(entry: number): number {
    return this.#words[this.#sidePlace(entry)] ?? 0;
  }

  #setSide(entry: number, value: number): void {
    this.#words[this.#sidePlace(entry)] = value;
  }

  #start(slot: number): number {
    return this.noEntry + HEADER_BYTES + slot * this.#pageBytes;
  }

  #stallNumber(cycles: number, leaf: number): number {
    const known = this.#stalls.findIndex((stall) => {
      return stall.cycles === cycles && (cycles === 0 || stall.leaf === leaf);
    });
    if (known >= 0) return known;
    if (this.#stalls.length === STALLS)
      throw new Error('more kinds of stalls than an entry can name');
    const number = this.#stalls.push({ cycles, leaf }) - 1;
    const place = (this.stallTable + number * STALL_BYTES) >>> 2;
    this.#words[place] = cycles;
    this.#words[place + 1] = leaf * LEAF_BYTES;
    return number;
  }
}
