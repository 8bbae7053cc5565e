import { MATCH_BITS } from '../target-index.ts';
import type { WalkFrame } from './walk-frame.ts';
import type { WalkWord } from './walk-state.ts';

const NUMBER_SHIFT = 3;
/** Addresses in the middle of a word match nothing. */
const IN_WORD = 3;

/** Look-ups in the target buffer as code: `FetchSites.target`. */
export class TargetCode {
  readonly #frame: WalkFrame;
  readonly #pc: number;
  readonly #word: number;
  readonly #entry: number;
  readonly #answer: number;

  constructor(frame: WalkFrame) {
    const { code } = frame;
    this.#frame = frame;
    this.#pc = code.local('i64');
    this.#word = code.local('i32');
    this.#entry = code.local('i32');
    this.#answer = code.local('f64');
  }

  /** Puts on the stack (f64) what the buffer says now of a site, whose number a local (i32) holds, and notes it there. */
  look(site: number): void {
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
