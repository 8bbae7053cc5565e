import type { OperationTable } from './operations.ts';
import { FIRST_OPERATION, packed, Special } from './packed-entry.ts';
import { entryOffset } from './page-layout.ts';
import { filterShapes } from './line-filter-code.ts';
import { PARCELS_SHIFT, stallAfterNext, stallOfNext } from './trail.ts';

const LINE_BYTES = 2 ** filterShapes.write.shift;
const PARCEL = 2;

/** Lengths that instructions may have, in bytes, by what their addresses are a multiple of. */
const lengths = { 2: [2, 4], 4: [4] } as const;

/** Keeps `packed.nextOp`: entries say what the interpreter does after them, so that it need not look at the next one for that. */
export class EntryLinks {
  readonly #bytes: Uint8Array;
  readonly #halfwords: Uint16Array;
  readonly #lengths: readonly number[];
  readonly #operations: OperationTable;
  readonly #hasCaches: boolean;

  /** `hasCaches` where these are modelled, so that each line is asked for. */
  constructor(
    buffer: ArrayBuffer,
    instructionAlignment: 2 | 4,
    operations: OperationTable,
    hasCaches: boolean,
  ) {
    this.#operations = operations;
    this.#hasCaches = hasCaches;
    this.#bytes = new Uint8Array(buffer);
    this.#halfwords = new Uint16Array(buffer);
    this.#lengths = lengths[instructionAlignment];
  }

  /** The operation of the entry at a place of the page whose entries begin at `start` has changed, and maybe its trail. */
  changed(start: number, inPage: number): void {
    this.changedInLine(start, [inPage]);
  }

  /** The same of several entries, given in line. */
  changedInLine(start: number, places: readonly number[]): void {
    const [first] = places;
    const last = places.at(-1);
    if (first === undefined || last === undefined) return;
    // What an entry does depends on those behind it.
    const end = start + entryOffset(last);
    if (stallAfterNext(this.#trailOf(end)) !== 0) this.#link(start, this.#next(end));
    for (let index = places.length - 1; index >= 0; index -= 1) {
      this.#link(start, start + entryOffset(places[index] ?? first));
    }
    this.#linkBefore(start, first, 2);
  }

  /** Links the entries in line before a place, and so many generations of those before them. */
  #linkBefore(start: number, inPage: number, generations: number): void {
    for (const length of this.#lengths) {
      const before = this.#before(start, inPage, length);
      if (before === 0) continue;
      this.#link(start, before);
      if (generations > 1) this.#linkBefore(start, inPage - length, generations - 1);
    }
  }

  /** Says what an entry does together with the next one, and what comes after it. */
  #link(start: number, entry: number): void {
    const trail = this.#trailOf(entry);
    if (trail === 0) return;
    const bytes = this.#bytes;
    const first = this.#operations.firstOf(bytes[entry + packed.op] ?? Special.undecoded);
    const op = bytes[this.#next(entry) + packed.op] ?? Special.undecoded;
    const isInstruction = op === Special.nothing || op >= FIRST_OPERATION;
    const waits = isInstruction && (stallOfNext(trail) !== 0 || this.#isWaitedFor(start, entry));
    const isInLine = isInstruction && this.#hasCaches && this.#beginsLine(this.#next(entry));
    const aside = isInLine ? Special.line : waits ? Special.wait : undefined;
    bytes[entry + packed.nextOp] = aside ?? op;
    const second = this.#operations.firstOf(op);
    bytes[entry + packed.op] = aside === undefined ? this.#operations.joined(first, second) : first;
  }

  /** Whether an entry's instruction ends in a line in which no byte in front of it lies. */
  #beginsLine(entry: number): boolean {
    const inLine = (this.#halfwords[(entry + packed.place) >>> 1] ?? 0) & (LINE_BYTES - 1);
    return inLine === 0 || (inLine === LINE_BYTES - PARCEL && this.#lengthOf(entry) > PARCEL);
  }

  #lengthOf(entry: number): number {
    return 2 * (this.#trailOf(entry) >>> PARCELS_SHIFT);
  }

  /** Whether an instruction in front of an entry can delay the one behind it. */
  #isWaitedFor(start: number, entry: number): boolean {
    const inPage = this.#halfwords[(entry + packed.place) >>> 1] ?? 0;
    for (const length of this.#lengths) {
      const before = this.#before(start, inPage, length);
      if (before !== 0 && stallAfterNext(this.#trailOf(before)) !== 0) return true;
    }
    return false;
  }

  /** The entry that is in line before a place, so many bytes long; 0 if there is none. */
  #before(start: number, inPage: number, length: number): number {
    if (length > inPage) return 0;
    const before = start + entryOffset(inPage - length);
    if (this.#trailOf(before) === 0) return 0;
    return this.#next(before) === start + entryOffset(inPage) ? before : 0;
  }

  #next(entry: number): number {
    const advance = this.#halfwords[(entry + packed.advance) >>> 1] ?? 0;
    return entry + ((advance << 16) >> 16);
  }

  #trailOf(entry: number): number {
    return this.#halfwords[(entry + packed.trail) >>> 1] ?? 0;
  }
}
