import type { Label, Term, Terms } from '../../../wasm/index.ts';
import { NO_LINE, NOWHERE } from '../cache-lines.ts';
import { type DataCacheLayout, Right } from '../data-cache.ts';
import { DECODE_TO_ACCESS, DECODE_TO_COMMIT, REPLAY } from '../pipeline-distances.ts';
import type { InclusiveCacheCode } from './inclusive-cache-code.ts';
import { emitCount, emitLfsrStep, LinesCode, type LineTerms } from './lines-code.ts';

/** An access in hand. */
export interface DataCacheAccess {
  readonly line: LineTerms;
  /** i32. */
  readonly isWrite: Term;
  readonly straddles: Term;
  /** When its instruction would commit (f64). */
  readonly time: Term;
  /** Goes elsewhere, before anything has changed. */
  readonly miss: Label;
  /** Appends code for a place (i32) whose line makes room for another: `DataCache.onLeave`. */
  readonly leave: (place: Term) => void;
}

/** What becomes of it. */
export interface DataCacheAnswer {
  /** When its instruction commits (f64). */
  readonly until: Term;
  /** Where its line is (i32). */
  readonly place: Term;
}

/** `DataCache.access` as code, for lines that are there or that the L2 gives without asking anybody. */
export class DataCacheCode {
  readonly #terms: Terms;
  readonly #layout: DataCacheLayout;
  readonly #core: Term;
  readonly #l2: InclusiveCacheCode;
  readonly #lines: LinesCode;

  /** `core` is how far what belongs to the hart lies behind what belongs to the first (i32). */
  constructor(terms: Terms, layout: DataCacheLayout, core: Term, l2: InclusiveCacheCode) {
    this.#terms = terms;
    this.#layout = layout;
    this.#core = core;
    this.#l2 = l2;
    this.#lines = new LinesCode(terms, layout, core);
  }

  /** The access; `until` and `place` are locals. */
  access(access: DataCacheAccess): DataCacheAnswer {
    const { line, isWrite, straddles } = access;
    const { i32, f64, op, float, fix, load, set, get, select } = this.#terms;
    const late = fix('f64', float('f64.convert_i32_s', straddles));
    const again = float('f64.add', access.time, float('f64.add', f64(REPLAY), late));
    const start = fix('f64', select(this.isBehindFirstWrite(access.time), again, access.time));
    const found = this.#lines.find(line);
    const isThere = fix('i32', op('i32.ne', found, i32(NOWHERE)));
    const { lfsr, ways } = this.#layout;
    const way = op('i32.and', load('i32.load', this.#core, lfsr), i32(ways - 1));
    const place = fix('i32', select(isThere, found, this.#lines.place(line, way)));
    const right = fix('i32', load('i32.load8_u', this.#right(place), this.#layout.rights));
    const isAllowed = op('i32.or', op('i32.eqz', isWrite), op('i32.eq', right, i32(Right.written)));
    const until = this.#terms.code.local('f64');
    set(until, start);
    this.#terms.if(op('i32.eqz', op('i32.and', isThere, isAllowed)), () => {
      this.#terms.if(
        op('i32.and', isThere, op('i32.eq', right, i32(Right.write))),
        () => {
          this.#setRight(place, i32(Right.written));
          this.#terms.store('f64.store', this.#core, start, this.#layout.firstWrite);
        },
        () => {
          set(until, this.#refill(access, { place, isThere, right, start, late }));
        },
      );
    });
    return { until: get(until), place };
  }

  /** Whether an access at a time comes right behind the first store to a line (i32). */
  isBehindFirstWrite(time: Term): Term {
    const { f64, float, load } = this.#terms;
    const first = load('f64.load', this.#core, this.#layout.firstWrite);
    return float('f64.eq', float('f64.add', first, f64(1)), time);
  }

  /** Brings a line: when the instruction commits (f64). */
  #refill({ line, isWrite, miss, leave }: DataCacheAccess, at: Refilled): Term {
    const { place, isThere, right, start, late } = at;
    const { i32, f64, op, float, fix, set, get, select } = this.#terms;
    const { counts } = this.#layout;
    const held = this.#l2.find(line, miss);
    this.#l2.leaveIfShared(held, miss);
    const victim = fix('f64', this.#lines.at(place));
    const isDirty = op('i32.eq', right, i32(Right.written));
    const isVictim = float('f64.ne', victim, f64(NO_LINE));
    const asked = this.#terms.code.local('f64');
    set(asked, start);
    const mustRelease = op('i32.and', isDirty, op('i32.and', isVictim, op('i32.eqz', isThere)));
    this.#terms.if(mustRelease, () => {
      const low = fix('i32', op('i32.wrap_i64', float('i64.trunc_f64_s', victim)));
      const released = this.#l2.find({ number: victim, low }, miss);
      leave(place);
      this.#lines.drop(place);
      emitCount(this.#terms, this.#core, counts['write-backs']);
      const leaves = float('f64.add', start, f64(this.#layout.releaseStart));
      const answered = fix('f64', this.#l2.release(released, leaves));
      set(asked, this.#retry(answered, start, late));
    });
    this.#terms.if(
      isThere,
      () => {
        emitCount(this.#terms, this.#core, counts.upgrades);
      },
      () => {
        emitCount(this.#terms, this.#core, counts.misses);
      },
    );
    const [last, mayWrite] = this.#l2.acquire(held, { isWrite, isUpgrade: isThere }, get(asked));
    this.#terms.if(op('i32.eqz', isThere), () => {
      leave(place);
      this.#lines.put(place, line.number);
    });
    const granted = select(mayWrite, i32(Right.write), i32(Right.read));
    this.#setRight(place, select(isWrite, i32(Right.written), granted));
    emitLfsrStep(this.#terms, this.#core, this.#layout.lfsr);
    return float('f64.add', last, float('f64.add', late, f64(DECODE_TO_COMMIT)));
  }

  /** `DataCache.retry`. */
  #retry(answered: Term, time: Term, late: Term): Term {
    const { f64, float, fix, select } = this.#terms;
    const ready = fix('f64', float('f64.add', time, f64(this.#layout.releaseTime)));
    const first = float('f64.min', answered, float('f64.add', ready, f64(1)));
    const decoded = fix('f64', float('f64.add', first, late));
    const isEarly = float('f64.lt', float('f64.add', decoded, f64(DECODE_TO_ACCESS)), ready);
    const more = select(isEarly, float('f64.add', f64(REPLAY), late), f64(0));
    return float('f64.add', float('f64.add', decoded, f64(DECODE_TO_COMMIT)), more);
  }

  #setRight(place: Term, right: Term): void {
    this.#terms.store('i32.store8', this.#right(place), right, this.#layout.rights);
  }

  #right(place: Term): Term {
    return this.#terms.op('i32.add', this.#core, place);
  }
}

/** Where a line is brought to, and when. */
interface Refilled {
  readonly place: Term;
  /** Whether the line is there, and only the right to write it is missing. */
  readonly isThere: Term;
  /** The right to what is there. */
  readonly right: Term;
  readonly start: Term;
  /** What an instruction that is fetched in two packets comes later (f64). */
  readonly late: Term;
}
