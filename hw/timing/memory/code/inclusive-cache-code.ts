import type { Label, Term, Terms } from '../../../wasm/index.ts';
import { NOWHERE } from '../cache-lines.ts';
import { type InclusiveCacheLayout, NOTED } from '../inclusive-cache.ts';
import { emitCount, emitLfsrStep, LinesCode, type LineTerms } from './lines-code.ts';

const NUMBER_SHIFT = 3;
const WORD_SHIFT = 2;

/** A line that the L2 has, and where. */
interface HeldLine extends LineTerms {
  readonly place: Term;
}

/** A wish for a line: whether the core wants to write it, and has a copy already. */
interface WishTerms {
  readonly isWrite: Term;
  readonly isUpgrade: Term;
}

/** `InclusiveCache` as code, for one core and lines that it has and no other core may have. */
export class InclusiveCacheCode {
  readonly #terms: Terms;
  readonly #layout: InclusiveCacheLayout;
  readonly #hart: Term;
  readonly #all: Term;
  readonly #lines: LinesCode;
  /** f64: when that is done which has been followed so far. */
  readonly #done: number;

  /** `hart` is the number of the core (i32). */
  constructor(terms: Terms, layout: InclusiveCacheLayout, hart: Term) {
    this.#terms = terms;
    this.#layout = layout;
    this.#hart = hart;
    this.#all = terms.i32(0);
    this.#lines = new LinesCode(terms, layout.directory, this.#all);
    this.#done = terms.code.local('f64');
  }

  /** A line that the L2 has; goes elsewhere where it has not. */
  find(line: LineTerms, miss: Label): HeldLine {
    const { i32, op, branchIf } = this.#terms;
    const place = this.#lines.find(line);
    branchIf(miss, op('i32.eq', place, i32(NOWHERE)));
    return { ...line, place };
  }

  /** Goes elsewhere where another core may have a line. */
  leaveIfShared({ place }: HeldLine, miss: Label): void {
    const { i32, op, load, branchIf } = this.#terms;
    const { harts, holders } = this.#layout.directory;
    for (let other = 0; other < harts; other++) {
      if (harts === 1) continue;
      const holds = load('i32.load8_u', this.#holder(place, i32(other)), holders);
      branchIf(miss, op('i32.and', holds, op('i32.ne', this.#hart, i32(other))));
    }
  }

  /** `release`: when that is answered (f64). */
  release(line: HeldLine, time: Term): Term {
    const { i32, float, f64, store, set, get } = this.#terms;
    const { times, directory, beats } = this.#layout;
    set(this.#done, float('f64.add', time, f64(times.release)));
    this.#lookUp(line);
    store('i32.store8', line.place, i32(1), directory.dirty);
    store('i32.store8', this.#holder(line.place, this.#hart), i32(0), directory.holders);
    store('i32.store8', line.place, i32(0), directory.owned);
    this.#answer(f64(beats));
    return get(this.#done);
  }

  /** `acquire`: when the last beat is there (f64), and whether the core may write the line (i32). */
  acquire(line: HeldLine, { isWrite, isUpgrade }: WishTerms, time: Term): [Term, Term] {
    const { i32, f64, op, float, load, fix, store, set, get, select } = this.#terms;
    const { times, directory, counts, beats } = this.#layout;
    set(this.#done, float('f64.add', time, f64(times.request)));
    this.#lookUp(line);
    const holder = fix('i32', this.#holder(line.place, this.#hart));
    const holds = fix('i32', load('i32.load8_u', holder, directory.holders));
    const mayWrite = fix('i32', op('i32.or', isWrite, op('i32.eqz', holds)));
    emitCount(this.#terms, this.#all, counts.hits);
    const sent = fix('f64', select(op('i32.and', isUpgrade, holds), f64(1), f64(beats)));
    this.#answer(sent);
    this.#hold(line, float('f64.add', get(this.#done), f64(times.acknowledgement)));
    store('i32.store8', holder, i32(1), directory.holders);
    store('i32.store8', line.place, mayWrite, directory.owned);
    const last = float('f64.add', get(this.#done), float('f64.sub', sent, f64(1)));
    return [last, mayWrite];
  }

  #lookUp(line: LineTerms): void {
    const { f64, float, set, get } = this.#terms;
    const { counts, directory, times } = this.#layout;
    emitCount(this.#terms, this.#all, counts.requests);
    emitLfsrStep(this.#terms, this.#all, directory.lfsr);
    this.#start(line);
    set(this.#done, float('f64.add', get(this.#done), f64(times.lookUp)));
    this.#hold(line, float('f64.add', get(this.#done), f64(NOTED)));
  }

  #answer(beats: Term): void {
    const { f64, float, load, fix, store, set, get } = this.#terms;
    const { counts, pipelineFree, times } = this.#layout;
    const done = get(this.#done);
    emitCount(this.#terms, this.#all, counts.beats, beats);
    const free = fix('f64', load('f64.load', this.#all, pipelineFree));
    this.#terms.if(float('f64.lt', done, free), () => {
      emitCount(this.#terms, this.#all, counts.waits, float('f64.sub', free, done));
      set(this.#done, free);
    });
    store('f64.store', this.#all, float('f64.add', done, beats), pipelineFree);
    set(this.#done, float('f64.add', done, f64(times.answer)));
  }

  /** `TransactionTable.start`. */
  #start(line: LineTerms): void {
    const { i32, op, float, load, fix, select, set, get } = this.#terms;
    const { entries, sets, ends, lastEnd } = this.#layout.transactions;
    const time = get(this.#done);
    const isLate = float('f64.lt', time, load('f64.load', this.#all, lastEnd));
    this.#terms.if(isLate, () => {
      const own = fix('i32', this.#lines.setOf(line));
      for (let entry = 0; entry < entries; entry++) {
        const held = load('i32.load', i32(entry << WORD_SHIFT), sets);
        const end = load('f64.load', i32(entry << NUMBER_SHIFT), ends);
        set(this.#done, select(op('i32.eq', held, own), float('f64.max', end, time), time));
      }
    });
  }

  /** `TransactionTable.hold`. */
  #hold(line: LineTerms, until: Term): void {
    const { i32, op, float, load, fix, store } = this.#terms;
    const { entries, sets, ends, lastEnd, next } = this.#layout.transactions;
    const entry = fix('i32', load('i32.load', this.#all, next));
    const end = fix('f64', until);
    store('i32.store', op('i32.shl', entry, i32(WORD_SHIFT)), this.#lines.setOf(line), sets);
    store('f64.store', op('i32.shl', entry, i32(NUMBER_SHIFT)), end, ends);
    const following = op('i32.and', op('i32.add', entry, i32(1)), i32(entries - 1));
    store('i32.store', this.#all, following, next);
    const last = load('f64.load', this.#all, lastEnd);
    store('f64.store', this.#all, float('f64.max', last, end), lastEnd);
  }

  #holder(place: Term, hart: Term): Term {
    const { i32, op } = this.#terms;
    const { harts } = this.#layout.directory;
    return harts === 1 ? place : op('i32.add', op('i32.mul', place, i32(harts)), hart);
  }
}
