import { AGAIN, LAST_GIVEN, NAMED, RENAMED, SITE_WORDS } from '../entry-names.ts';
import { withEntry } from '../target-answer.ts';
import { MATCH_BITS } from '../target-index.ts';
import type { WalkFrame } from './walk-frame.ts';
import type { WalkWord } from './walk-state.ts';

const NUMBER_SHIFT = 3;
const WORD_SHIFT = 2;
/** Addresses in the middle of a word match nothing. */
const IN_WORD = 3;

/** Look-ups in the target buffer as code: `FetchSites.target`. */
export class TargetCode {
  readonly #frame: WalkFrame;
  readonly #pc: number;
  readonly #word: number;
  readonly #entry: number;
  readonly #answer: number;
  readonly #found: number;

  constructor(frame: WalkFrame) {
    const { code } = frame;
    this.#frame = frame;
    this.#pc = code.local('i64');
    this.#word = code.local('i32');
    this.#entry = code.local('i32');
    this.#answer = code.local('f64');
    this.#found = code.local('i32');
  }

  /**
   * Puts on the stack (f64) what the buffer says now of a site, whose number a local (i32) holds, and notes it there. Where the
   * entry must get another name, it sets the local `isSteady` (i32) to 0 instead.
   */
  look(site: number, isSteady: number): void {
    const frame = this.#frame;
    const { code } = frame;
    const done = code.block('f64');
    frame.siteNumber('sitePcs', site);
    code.load('f64.load');
    code.float('i64.trunc_f64_s');
    code.set(this.#pc);
    const none = code.block();
    code.get(this.#pc);
    code.op('i32.wrap_i64');
    code.tee(this.#word);
    code.i32(IN_WORD);
    code.op('i32.and');
    code.branchIf(none);
    code.get(this.#word);
    code.i32(2 ** MATCH_BITS - 1);
    code.op('i32.and');
    code.i32(2);
    code.op('i32.shr_u');
    code.set(this.#word);
    this.#pushByte('targetCounts');
    code.tee(this.#entry);
    code.op('i32.eqz');
    code.branchIf(none);
    code.get(this.#entry);
    code.i32(1);
    code.op('i32.ne');
    code.unlikely();
    code.if();
    frame.perform();
    code.branch(done);
    code.end();
    this.#pushByte('targetEntries');
    code.set(this.#found);
    code.get(this.#found);
    code.i32(NUMBER_SHIFT);
    code.op('i32.shl');
    code.set(this.#entry);
    this.#pushOf('targetHits');
    this.#pushOf('targetMisses');
    this.#pushOf('targetPages');
    code.get(this.#pc);
    code.i64(BigInt(MATCH_BITS));
    code.op('i64.shr_u');
    code.float('f64.convert_i64_s');
    code.float('f64.eq');
    code.select();
    code.set(this.#answer);
    this.#name(site);
    code.if();
    frame.store('foundEntry', () => {
      code.get(this.#found);
    });
    code.i32(0);
    code.set(isSteady);
    code.get(this.#answer);
    code.f64(withEntry(0, AGAIN) - withEntry(0, NAMED));
    code.f64(withEntry(0, RENAMED) - withEntry(0, NAMED));
    this.#isAgain();
    code.select();
    code.float('f64.add');
    code.branch(done);
    code.end();
    this.#keep(site);
    code.get(this.#answer);
    code.branch(done);
    code.end();
    code.f64(0);
    code.set(this.#answer);
    this.#keep(site);
    code.get(this.#answer);
    code.end();
  }

  /** Gives the entry the name of a site that an action says, if it must have another than the first. */
  rename(site: number): void {
    const frame = this.#frame;
    const { code } = frame;
    this.#pushNames(site);
    frame.part('extra');
    code.i32(WORD_SHIFT);
    code.op('i32.shl');
    code.op('i32.add');
    frame.load('foundEntry');
    code.store('i32.store');
    this.#pushNames(site);
    frame.part('extra');
    code.store('i32.store', LAST_GIVEN << WORD_SHIFT);
  }

  /** Puts on the stack whether the name that was given last means the entry; `word` is where the names are. */
  #isAgain(): void {
    const { code } = this.#frame;
    code.get(this.#word);
    code.get(this.#word);
    code.load('i32.load', LAST_GIVEN << WORD_SHIFT);
    code.i32(WORD_SHIFT);
    code.op('i32.shl');
    code.op('i32.add');
    code.load('i32.load');
    code.get(this.#found);
    code.op('i32.eq');
  }

  /** Puts on the stack whether the first name of a site means another entry; it gets the name that nobody has got yet. */
  #name(site: number): void {
    const { code } = this.#frame;
    this.#pushNames(site);
    code.tee(this.#word);
    code.load('i32.load');
    code.i32(0);
    code.op('i32.lt_s');
    code.if();
    code.get(this.#word);
    code.get(this.#found);
    code.store('i32.store');
    code.end();
    code.get(this.#word);
    code.load('i32.load');
    code.get(this.#found);
    code.op('i32.ne');
  }

  #pushNames(site: number): void {
    const { code } = this.#frame;
    this.#frame.load('siteEntries');
    code.get(site);
    code.i32(Math.log2(SITE_WORDS) + WORD_SHIFT);
    code.op('i32.shl');
    code.op('i32.add');
  }

  #keep(site: number): void {
    const frame = this.#frame;
    const { code } = frame;
    frame.siteNumber('siteTargets', site);
    code.get(this.#answer);
    code.store('f64.store');
    frame.siteWord('siteTargetsFrom', site);
    frame.load('targetChanges');
    code.load('i32.load');
    code.store('i32.store');
  }

  #pushByte(table: Extract<WalkWord, 'targetCounts' | 'targetEntries'>): void {
    const { code } = this.#frame;
    this.#frame.load(table);
    code.get(this.#word);
    code.op('i32.add');
    code.load('i32.load8_u');
  }

  #pushOf(table: Extract<WalkWord, 'targetPages' | 'targetHits' | 'targetMisses'>): void {
    const { code } = this.#frame;
    this.#frame.load(table);
    code.get(this.#entry);
    code.op('i32.add');
    code.load('f64.load');
  }
}
