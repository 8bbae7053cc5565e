import { CacheLines, type CacheGeometry, type CacheLinesLayout, NOWHERE } from './cache-lines.ts';
import { Lfsr } from './lfsr.ts';
import type { StateArea } from './state-area.ts';

/** Bits of the pseudo-random register that choose a way: the ways divide their range evenly. */
const VICTIM_BITS = 10;

/** Where generated code finds the directory in the machine's memory. */
export interface L2DirectoryLayout extends CacheLinesLayout {
  readonly lfsr: number;
  readonly harts: number;
  /** Bytes by place, and of `holders` by place and core. */
  readonly dirty: number;
  readonly owned: number;
  readonly holders: number;
}

/**
 * Which lines the L2 holds, which of them memory lacks, and which cores may have them: InclusiveCache, `Directory.scala`.
 * The way that a new line takes is random even if others are empty, and the random number advances with every read.
 */
export class L2Directory {
  readonly lines: CacheLines;
  /** Of the last `read`: the place that it found or chose, and whether the line is there. */
  place = 0;
  isHit = false;
  readonly #lfsr: Lfsr;
  readonly #wayBits: number;
  readonly #harts: number;
  readonly #dirty: Uint8Array;
  /** Set where one core may write the line without asking. */
  readonly #owned: Uint8Array;
  /** Per place and core. Cores drop clean lines silently, so that some have lost what this says. */
  readonly #holders: Uint8Array;

  constructor(geometry: CacheGeometry, harts: number, area: StateArea) {
    this.lines = new CacheLines(geometry, area);
    this.#lfsr = new Lfsr(area);
    this.#wayBits = Math.log2(geometry.ways);
    this.#harts = harts;
    this.#dirty = area.flags(this.lines.places);
    this.#owned = area.flags(this.lines.places);
    this.#holders = area.flags(this.lines.places * harts);
  }

  /** Where generated code finds it. */
  get layout(): L2DirectoryLayout {
    return {
      ...this.lines.layout,
      lfsr: this.#lfsr.place,
      harts: this.#harts,
      dirty: this.#dirty.byteOffset,
      owned: this.#owned.byteOffset,
      holders: this.#holders.byteOffset,
    };
  }

  /** Looks a line up; leaves its `place`, or that of a victim, behind. */
  read(line: number): void {
    this.#lfsr.step();
    const found = this.lines.find(line);
    const way = this.#lfsr.bits(VICTIM_BITS - this.#wayBits, this.#wayBits);
    this.isHit = found !== NOWHERE;
    this.place = this.isHit ? found : this.lines.place(line, way);
  }

  /** Puts a clean line that no core has over what was at a place. */
  fill(place: number, line: number): void {
    this.lines.put(place, line);
    this.#dirty[place] = 0;
    this.#owned[place] = 0;
    for (let hart = 0; hart < this.#harts; hart++) this.setHolds(place, hart, false);
  }

  /** Whether memory lacks what the line at a place holds. */
  isDirty(place: number): boolean {
    return this.#dirty[place] === 1;
  }

  /** Notes that the L2's copy is newer than memory's. */
  soil(place: number): void {
    this.#dirty[place] = 1;
  }

  /** Notes that memory has what the line at a place holds, and that every core asks before it writes. */
  clean(place: number): void {
    this.#dirty[place] = 0;
    this.#owned[place] = 0;
  }

  /** Empties a place that no core has. */
  drop(place: number): void {
    this.lines.drop(place);
    this.clean(place);
  }

  /** Whether one core may write the line without asking. */
  isOwned(place: number): boolean {
    return this.#owned[place] === 1;
  }

  /** Notes whether the one core that has the line may write it without asking. */
  setOwned(place: number, owned: boolean): void {
    this.#owned[place] = owned ? 1 : 0;
  }

  /** Whether a core may have the line. */
  holds(place: number, hart: number): boolean {
    return this.#holders[place * this.#harts + hart] === 1;
  }

  /** Notes that a core has the line, or has it no more. */
  setHolds(place: number, hart: number, holds: boolean): void {
    this.#holders[place * this.#harts + hart] = holds ? 1 : 0;
  }

  /** Whether any core but one (none for -1) may have the line. */
  isHeldBesides(place: number, hart: number): boolean {
    for (let other = 0; other < this.#harts; other++) {
      if (other !== hart && this.holds(place, other)) return true;
    }
    return false;
  }
}
