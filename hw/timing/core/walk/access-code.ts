import { LINE_BYTES, recentPages } from '../../memory/index.ts';
import { HIT } from '../access-answer.ts';
import { NOTHING } from '../surroundings.ts';
import type { QuestionFrame } from './question-frame.ts';

const PAGE_SHIFT = 12n;
const LINE_SHIFT = Math.log2(LINE_BYTES);
const NUMBER_SHIFT = 3;

/** What becomes of an access as code, where its page was found lately and its line may be accessed: `CachedSide`. */
export class AccessCode {
  readonly #frame: QuestionFrame;
  readonly #place: number;
  readonly #line: number;
  readonly #end: number;
  readonly #number: number;
  readonly #page: number;

  constructor(frame: QuestionFrame) {
    const { code } = frame;
    this.#frame = frame;
    this.#place = code.local('i32');
    this.#line = code.local('i32');
    this.#end = code.local('i32');
    this.#number = code.local('f64');
    this.#page = code.local('i64');
  }

  /** Puts the answer of the TLB of data (f64) on the stack. */
  translate(): void {
    const frame = this.#frame;
    const { code } = frame;
    code.get(frame.address);
    code.i64(PAGE_SHIFT);
    code.op('i64.shr_u');
    code.set(this.#page);
    frame.load('recentPages');
    code.get(this.#page);
    code.op('i32.wrap_i64');
    code.tee(this.#line);
    code.get(this.#line);
    code.i32(recentPages.fold);
    code.op('i32.shr_u');
    code.op('i32.xor');
    code.i32(recentPages.count - 1);
    code.op('i32.and');
    code.i32(recentPages.bytes);
    code.op('i32.mul');
    code.op('i32.add');
    code.tee(this.#place);
    code.load('f64.load');
    code.get(this.#page);
    code.i64(1n);
    code.op('i64.shl');
    frame.load('isVirtual');
    code.op('i64.extend_i32_u');
    code.op('i64.or');
    code.float('f64.convert_i64_s');
    code.float('f64.eq');
    code.likely();
    code.if('f64');
    this.#touch('pageOrder', recentPages.kept, recentPages.set);
    this.#touch('largePageOrder', recentPages.largeKept, recentPages.largeSet);
    code.f64(NOTHING);
    code.else();
    frame.perform();
    code.end();
  }

  #touch(order: 'pageOrder' | 'largePageOrder', kept: number, set: number): void {
    const frame = this.#frame;
    const { code } = frame;
    frame.load(order);
    frame.load(order);
    code.load('i32.load');
    code.get(this.#place);
    code.load('i32.load', kept);
    code.op('i32.and');
    code.get(this.#place);
    code.load('i32.load', set);
    code.op('i32.or');
    code.store('i32.store');
  }

  /** Puts the answer of the data cache (f64) on the stack. */
  access(): void {
    const frame = this.#frame;
    const { code, host } = frame;
    const answered = code.block('f64');
    const miss = code.block();
    const hit = code.block();
    code.get(host);
    frame.load('windowStart');
    code.op('i32.sub');
    code.tee(this.#line);
    frame.load('windowBytes');
    code.op('i32.ge_u');
    code.unlikely();
    code.branchIf(miss);
    frame.load('lines');
    code.tee(this.#place);
    code.op('i32.eqz');
    code.branchIf(hit);
    this.#findLine(miss);
    // Whoever only reads need not ask for the rights.
    frame.part('extra');
    code.op('i32.eqz');
    code.branchIf(hit);
    frame.load('rights');
    code.get(this.#place);
    frame.load('lines');
    code.op('i32.sub');
    code.i32(NUMBER_SHIFT);
    code.op('i32.shr_u');
    code.op('i32.add');
    code.load('i32.load8_u');
    frame.load('written');
    code.op('i32.ne');
    code.branchIf(miss);
    code.end();
    code.f64(HIT);
    code.branch(answered);
    code.end();
    frame.perform();
    code.end();
  }

  /** Makes `place` that of the line, or goes elsewhere. */
  #findLine(miss: Label): void {
    const frame = this.#frame;
    const { code } = frame;
    code.get(this.#line);
    code.i32(LINE_SHIFT);
    code.op('i32.shr_u');
    code.set(this.#line);
    frame.loadNumber('firstLine');
    code.get(this.#line);
    code.float('f64.convert_i32_s');
    code.float('f64.add');
    code.tee(this.#number);
    // The set is in the lowest bits.
    code.float('i64.trunc_f64_s');
    code.op('i32.wrap_i64');
    frame.load('lastSet');
    code.op('i32.and');
    frame.load('ways');
    code.op('i32.mul');
    code.i32(NUMBER_SHIFT);
    code.op('i32.shl');
    code.get(this.#place);
    code.op('i32.add');
    code.tee(this.#place);
    frame.load('ways');
    code.i32(NUMBER_SHIFT);
    code.op('i32.shl');
    code.op('i32.add');
    code.set(this.#end);
    const found = code.block();
    const search = code.loop();
    code.get(this.#place);
    code.load('f64.load');
    code.get(this.#number);
    code.float('f64.eq');
    code.branchIf(found);
    code.get(this.#place);
    code.i32(2 ** NUMBER_SHIFT);
    code.op('i32.add');
    code.tee(this.#place);
    code.get(this.#end);
    code.op('i32.ne');
    code.branchIf(search);
    code.branch(miss);
    code.end();
    code.end();
  }
}

type Label = ReturnType<QuestionFrame['code']['block']>;
