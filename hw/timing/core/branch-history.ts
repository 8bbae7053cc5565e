import type { StateArea } from '../memory/index.ts';

/** Sizes of a direction predictor. */
export interface BranchHistoryGeometry {
  /** One-bit predictors; a power of two. */
  readonly entries: number;
  /** Outcomes in the history, and how many hashed bits of it choose a predictor. */
  readonly length: number;
  readonly bits: number;
}

/** Where generated code finds a direction predictor in the machine's memory. */
export interface BranchHistoryPlaces {
  /** A byte per predictor. */
  readonly taken: number;
  /** The ring of histories, that of the part of the index that follows from each, and the place in them (words). */
  readonly histories: number;
  readonly hashes: number;
  readonly place: number;
}

/** How a history becomes a part of an index. */
export interface HistoryHash {
  /** Outcomes in a history; the product with the multiplier counts modulo two to this. */
  readonly length: number;
  readonly multiplier: number;
  readonly down: number;
  readonly up: number;
}

/** Earlier states of the history that can be gone back to: more than there are branches under way; a power of two. */
export const REMEMBERED = 64;

/** How a predictor of these sizes hashes. */
export function historyHash({ entries, length, bits }: BranchHistoryGeometry): HistoryHash {
  return {
    length,
    multiplier: Math.floor((Math.sqrt(3) / 2) * 2 ** length),
    down: length - bits,
    up: Math.round(Math.log2(entries)) - bits,
  };
}

/** Direction predictor: one bit each, chosen by the address of the fetch and hashed global history (rocket-chip, BTB.scala). */
export class BranchHistory {
  readonly #indexBits: number;
  readonly #hash: HistoryHash;
  readonly #mask: number;
  readonly #taken: Uint8Array;
  /** The last outcomes, the latest in the highest bit, as they were behind each of them; and the place of the present ones. */
  readonly #histories: Uint32Array;
  /** The part of the index that follows from each of them. */
  readonly #hashes: Uint32Array;
  readonly #place: Uint32Array;

  constructor({ entries, length, bits }: BranchHistoryGeometry, area: StateArea) {
    this.#hash = historyHash({ entries, length, bits });
    this.#indexBits = Math.round(Math.log2(entries));
    this.#mask = entries - 1;
    this.#taken = area.flags(entries);
    this.#histories = area.words(REMEMBERED);
    this.#hashes = area.words(REMEMBERED);
    this.#place = area.words(1);
  }

  /** Where generated code finds it. */
  get places(): BranchHistoryPlaces {
    return {
      taken: this.#taken.byteOffset,
      histories: this.#histories.byteOffset,
      hashes: this.#hashes.byteOffset,
      place: this.#place.byteOffset,
    };
  }

  /** Forgets everything. */
  reset(): void {
    this.#histories.fill(0);
    this.#hashes.fill(0);
    this.#place[0] = 0;
    this.#taken.fill(0);
  }

  /** The prediction for a fetch from an address with the present history. */
  predict(pc: number): number {
    return this.predictAt(this.placeOf(pc));
  }

  /** The part of the index that follows from the address of a fetch. */
  placeOf(pc: number): number {
    const packet = Math.floor(pc / 4) >>> 0;
    return (packet & this.#mask) ^ ((packet >>> this.#indexBits) & 3);
  }

  /** The prediction for a fetch of which that part is known. */
  predictAt(place: number): number {
    return this.#taken[(place ^ (this.#hashes[this.#placeAt(0)] ?? 0)) & this.#mask] ?? 0;
  }

  /** Takes an outcome into the history. */
  advance(taken: number): void {
    const before = this.#histories[this.#placeAt(0)] ?? 0;
    const { length, multiplier, down, up } = this.#hash;
    const history = (before >>> 1) | (taken << (length - 1));
    const place = ((this.#place[0] ?? 0) + 1) % REMEMBERED;
    this.#place[0] = place;
    this.#histories[place] = history;
    const product = (multiplier * history) & ((1 << length) - 1);
    this.#hashes[place] = (product >>> down) << up;
  }

  /** A branch that was fetched from `pc`, so many outcomes ago, has been resolved. */
  resolve(pc: number, age: number, taken: number): void {
    this.resolveAt(this.placeOf(pc), age, taken);
  }

  /** The same where the part of the index is known that follows from the address. */
  resolveAt(place: number, age: number, taken: number): void {
    this.#taken[(place ^ (this.#hashes[this.#placeAt(age)] ?? 0)) & this.#mask] = taken;
  }

  /** Forgets the latest outcomes. */
  rewind(age: number): void {
    this.#place[0] = this.#placeAt(age);
  }

  #placeAt(age: number): number {
    if (age >= REMEMBERED) throw new RangeError(`${String(age)} outcomes ago is too long`);
    return ((this.#place[0] ?? 0) + REMEMBERED - age) % REMEMBERED;
  }
}
