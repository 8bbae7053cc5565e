import type { Term, Terms } from '../../../wasm/index.ts';
import { type CacheLinesLayout, NO_LINE, NOWHERE } from '../cache-lines.ts';
import { LFSR_BITS, LFSR_TAPS } from '../lfsr.ts';

const NUMBER_SHIFT = 3;

/** A line: its number (f64), and the low bits of it (i32), which the set is in. */
export interface LineTerms {
  readonly number: Term;
  readonly low: Term;
}

/** `CacheLines` as code; `core` is how far what belongs to the hart lies behind what belongs to the first (i32). */
export class LinesCode {
  readonly #terms: Terms;
  readonly #layout: CacheLinesLayout;
  readonly #core: Term;

  constructor(terms: Terms, layout: CacheLinesLayout, core: Term) {
    this.#terms = terms;
    this.#layout = layout;
    this.#core = core;
  }

  /** The set of a line (i32). */
  setOf({ low }: LineTerms): Term {
    const { i32, op } = this.#terms;
    return op('i32.and', low, i32(this.#layout.sets - 1));
  }

  /** The place of a way of the set that a line belongs to (i32). */
  place(line: LineTerms, way: Term): Term {
    const { i32, op } = this.#terms;
    return op('i32.add', op('i32.mul', this.setOf(line), i32(this.#layout.ways)), way);
  }

  /** Where a line is, or `NOWHERE`, in a new local. */
  find(line: LineTerms): Term {
    const { i32, op, float, load, fix, select, set, get } = this.#terms;
    const { ways, lines } = this.#layout;
    const number = fix('f64', line.number);
    const first = fix('i32', this.place(line, i32(0)));
    const base = fix('i32', this.#address(first));
    const found = this.#terms.code.local('i32');
    set(found, i32(NOWHERE));
    for (let way = 0; way < ways; way++) {
      const held = load('f64.load', base, lines + (way << NUMBER_SHIFT));
      const there = op('i32.add', first, i32(way));
      set(found, select(float('f64.eq', held, number), there, get(found)));
    }
    return get(found);
  }

  /** The line at a place (f64), or `NO_LINE`. */
  at(place: Term): Term {
    return this.#terms.load('f64.load', this.#address(place), this.#layout.lines);
  }

  /** Puts a line in a place. */
  put(place: Term, number: Term): void {
    this.#terms.store('f64.store', this.#address(place), number, this.#layout.lines);
  }

  /** Empties a place. */
  drop(place: Term): void {
    this.put(place, this.#terms.f64(NO_LINE));
  }

  #address(place: Term): Term {
    const { i32, op } = this.#terms;
    return op('i32.add', this.#core, op('i32.shl', place, i32(NUMBER_SHIFT)));
  }
}

/** `Lfsr.step` as code, of the register at an offset. */
export function emitLfsrStep({ i32, op, load, fix, store }: Terms, core: Term, at: number): void {
  const state = fix('i32', load('i32.load', core, at));
  const [first, ...others] = LFSR_TAPS.map((tap) => op('i32.shr_u', state, i32(tap)));
  if (first === undefined) return;
  const taps = others.reduce((sum, tap) => op('i32.xor', sum, tap), first);
  const shifted = op('i32.or', op('i32.shl', state, i32(1)), op('i32.and', taps, i32(1)));
  store('i32.store', core, op('i32.and', shifted, i32(2 ** LFSR_BITS - 1)), at);
}

/** Counts in the number (f64) at an offset: one more, or several. */
export function emitCount(terms: Terms, core: Term, at: number, count = terms.f64(1)): void {
  const { float, load, store } = terms;
  store('f64.store', core, float('f64.add', load('f64.load', core, at), count), at);
}
