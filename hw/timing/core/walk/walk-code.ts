import type { Code } from '../../../wasm/index.ts';
import { mechanismNumber } from '../../mechanisms.ts';
import type { TimingParameters } from '../../parameters.ts';
import { THERE } from '../fetch-sites.ts';
import { LAST_QUESTION, PathAction } from '../path-actions.ts';
import { actionPlace, pathShifts } from '../path-store.ts';
import { questionCode } from './question-code.ts';
import { TargetCode } from './target-code.ts';
import { WalkFrame, type WalkSite } from './walk-frame.ts';

const { issue: ISSUE } = mechanismNumber;
const LEAF_BYTES = 8;
const WORD_BYTES = 4;
const NUMBER_BYTES = 8;
/** Addresses of the core have so many bits. */
const ADDRESS_MASK = (1n << 40n) - 1n;
/** Of the number that an instruction is known by (`variantOf`): that it makes an access, and what operands are multiplied by. */
const ACCESSES = 4;
const OPERANDS_SHIFT = 4;

/**
 * The function that follows the path of an instruction that has been executed: (hart, where the access was made, variant, its address,
 * the next one's, that of its access, the action that somebody has followed it to) to cycles. What it does is what `RememberingCore` does, and it leaves to that what it does not know.
 */
export function walkCode(parameters: TimingParameters, core: number, site: WalkSite): Code {
  return new WalkCode(parameters, core, site).function();
}

class WalkCode {
  readonly #frame: WalkFrame;
  readonly #targets: TargetCode;
  /** What is done here, by the kind of the action. */
  readonly #questions: ReadonlyMap<number, () => void>;

  constructor(parameters: TimingParameters, core: number, site: WalkSite) {
    this.#frame = new WalkFrame(core, site);
    this.#targets = new TargetCode(this.#frame);
    this.#questions = questionCode(this.#frame, parameters);
  }

  function(): Code {
    const frame = this.#frame;
    const { code, answer, known } = frame;
    // From the inside out: what is not known; a question that nobody knows how to go on behind; what cannot be followed at all.
    const unready = code.block();
    const stuck = code.block();
    const unanswered = code.block();
    const begun = code.block();
    frame.load('actions');
    code.set(frame.actions);
    this.#goOnBehind(begun);
    this.#findFirst(unready, stuck);
    code.end();
    const walk = code.loop();
    this.#advance(stuck, unanswered);
    this.#dispatch(walk, unanswered);
    code.end();
    code.end();
    // Behind this question.
    frame.part('parent');
    code.set(known);
    frame.storeNumber('given', () => {
      code.get(answer);
    });
    frame.store('hasGiven', () => {
      code.i32(1);
    });
    code.end();
    frame.store('known', () => {
      code.get(known);
    });
    frame.store('isStuck', () => {
      code.i32(1);
    });
    code.end();
    frame.noteAddresses();
    code.get(frame.hart);
    code.get(frame.host);
    code.get(frame.variant);
    code.call(frame.site.commit);
    return code;
  }

  /** Goes on at an action to which somebody else has followed the path. */
  #goOnBehind(begun: Label): void {
    const frame = this.#frame;
    const { code, behind } = frame;
    code.get(behind);
    code.if();
    frame.store('hasGiven', () => {
      code.i32(0);
    });
    code.get(behind);
    frame.take();
    code.branch(begun);
    code.end();
  }

  /** Finds the instruction among the actions behind the node. */
  #findFirst(unready: Label, stuck: Label): void {
    const frame = this.#frame;
    const { code, action, variant, host, pc, next, known } = frame;
    const what = code.local('i32');
    const here = code.local('f64');
    const there = code.local('f64');
    frame.load('isLive');
    code.op('i32.eqz');
    code.unlikely();
    code.branchIf(unready);
    code.get(frame.hart);
    code.load('f64.load', frame.site.cycle);
    frame.loadNumber('cycle');
    code.float('f64.le');
    code.op('i32.eqz');
    code.unlikely();
    code.branchIf(unready);
    code.i32(0);
    code.set(known);
    frame.store('hasGiven', () => {
      code.i32(0);
    });
    // The variant of generated code is whether a transfer was taken, and behind that the operands.
    code.get(variant);
    code.i32(1);
    code.op('i32.and');
    code.get(variant);
    code.i32(1);
    code.op('i32.shr_u');
    code.i32(OPERANDS_SHIFT);
    code.op('i32.shl');
    code.op('i32.or');
    code.i32(ACCESSES);
    code.i32(0);
    code.get(host);
    code.select();
    code.op('i32.or');
    code.set(what);
    for (const [from, to] of [
      [pc, here],
      [next, there],
    ] as const) {
      code.get(from);
      code.i64(ADDRESS_MASK);
      code.op('i64.and');
      code.float('f64.convert_i64_s');
      code.set(to);
    }
    frame.load('firsts');
    frame.load('node');
    code.i32(pathShifts.node);
    code.op('i32.shl');
    code.op('i32.add');
    code.load('i32.load');
    code.set(action);
    const found = code.block();
    const search = code.loop();
    code.get(action);
    code.op('i32.eqz');
    code.unlikely();
    code.branchIf(stuck);
    code.get(action);
    frame.take();
    const differs = code.block();
    frame.part('subject');
    code.get(here);
    code.float('f64.ne');
    code.unlikely();
    code.branchIf(differs);
    frame.part('answer');
    code.get(there);
    code.float('f64.ne');
    code.unlikely();
    code.branchIf(differs);
    frame.part('detail');
    code.get(what);
    code.op('i32.eq');
    code.likely();
    code.branchIf(found);
    code.end();
    frame.part('sibling');
    code.set(action);
    code.branch(search);
    code.end();
    code.end();
  }

  /** Goes to the next action that is more than a question whose answer is known. */
  #advance(stuck: Label, unanswered: Label): void {
    const frame = this.#frame;
    const { code, action, at, known } = frame;
    const there = code.block();
    const asks = code.block();
    frame.part('shortcut');
    code.tee(known);
    code.op('i32.eqz');
    code.branchIf(asks);
    frame.part('fetchState');
    frame.load('fetchState');
    code.op('i32.ne');
    code.unlikely();
    code.branchIf(asks);
    frame.part('targetChanges');
    this.#pushTargetChanges();
    code.op('i32.ne');
    code.unlikely();
    code.branchIf(asks);
    code.get(known);
    frame.take();
    code.branch(there);
    code.end();
    code.get(action);
    code.set(known);
    code.get(at);
    code.set(frame.anchor);
    frame.load('fetchState');
    code.set(frame.state);
    this.#ask(stuck, unanswered, there);
    code.end();
  }

  #pushTargetChanges(): void {
    this.#frame.load('targetChanges');
    this.#frame.code.load('i32.load');
  }

  /** Asks one question after the other whose answers hold as long as nothing changes. */
  #ask(stuck: Label, unanswered: Label, there: Label): void {
    const frame = this.#frame;
    const { code, action, at, known, answer, anchor, state } = frame;
    const site = code.local('i32');
    const isFetch = code.local('i32');
    const isSteady = code.local('i32');
    const isFirst = code.local('i32');
    code.i32(1);
    code.set(isFirst);
    const more = code.loop();
    frame.part('next');
    code.tee(action);
    code.op('i32.eqz');
    code.unlikely();
    code.branchIf(stuck);
    code.get(action);
    frame.take();
    frame.part('kind');
    code.i32(PathAction.fetch);
    code.op('i32.eq');
    code.tee(isFetch);
    frame.part('kind');
    code.i32(PathAction.target);
    code.op('i32.eq');
    code.op('i32.or');
    code.op('i32.eqz');
    code.if();
    this.#noteShortcut(isFirst);
    code.branch(there);
    code.end();
    code.i32(1);
    code.set(isSteady);
    frame.part('detail');
    code.set(site);
    code.get(isFetch);
    code.if();
    this.#siteWord('siteThereFrom', site);
    frame.load('fetchState');
    code.op('i32.eq');
    code.if('f64');
    code.f64(THERE);
    code.else();
    frame.perform();
    this.#siteWord('siteThereFrom', site);
    frame.load('fetchState');
    code.op('i32.eq');
    code.set(isSteady);
    code.end();
    code.set(answer);
    code.else();
    this.#siteWord('siteTargetsFrom', site);
    this.#pushTargetChanges();
    code.op('i32.eq');
    code.if('f64');
    frame.siteNumber('siteTargets', site);
    code.load('f64.load');
    code.else();
    this.#targets.look(site, isSteady);
    code.end();
    code.set(answer);
    code.end();
    this.#chooseSibling(unanswered, () => {
      code.get(answer);
    });
    code.get(action);
    code.set(known);
    code.i32(0);
    code.set(isFirst);
    code.get(isSteady);
    code.branchIf(more);
    code.get(isFetch);
    code.op('i32.eqz');
    code.if();
    this.#targets.rename(site);
    code.end();
    code.get(at);
    code.set(anchor);
    frame.load('fetchState');
    code.set(state);
    code.i32(1);
    code.set(isFirst);
    code.branch(more);
    code.end();
    code.unreachable();
  }

  #siteWord(table: 'siteThereFrom' | 'siteTargetsFrom', site: number): void {
    this.#frame.siteWord(table, site);
    this.#frame.code.load('i32.load');
  }

  /** The anchor keeps where it led past such questions, and as of when. */
  #noteShortcut(isFirst: number): void {
    const frame = this.#frame;
    const { code, action, anchor, state } = frame;
    code.get(isFirst);
    frame.load('fetchState');
    code.get(state);
    code.op('i32.ne');
    code.op('i32.or');
    code.op('i32.eqz');
    code.if();
    const keep = (part: keyof typeof actionPlace, push: () => void): void => {
      code.get(anchor);
      push();
      code.store('i32.store', WORD_BYTES * actionPlace[part]);
    };
    keep('shortcut', () => {
      code.get(action);
    });
    keep('fetchState', () => {
      code.get(state);
    });
    keep('targetChanges', () => {
      this.#pushTargetChanges();
    });
    code.end();
  }

  /** Goes on at the action that follows an answer (f64). */
  #chooseSibling(unanswered: Label, push: () => void): void {
    const frame = this.#frame;
    const { code, action, at, answer } = frame;
    const question = code.scratch('walk.question', 'i32');
    push();
    code.set(answer);
    const found = code.block();
    frame.part('answer');
    code.get(answer);
    code.float('f64.eq');
    code.likely();
    code.branchIf(found);
    code.get(at);
    code.set(question);
    const search = code.loop();
    frame.part('sibling');
    code.tee(action);
    code.op('i32.eqz');
    code.if();
    code.get(question);
    code.set(at);
    code.branch(unanswered);
    code.end();
    code.get(action);
    frame.take();
    frame.part('answer');
    code.get(answer);
    code.float('f64.ne');
    code.branchIf(search);
    code.end();
    code.end();
  }

  /** Does what the action says, or asks its question, and goes on. */
  #dispatch(walk: Label, unanswered: Label): void {
    const { code } = this.#frame;
    const frame = this.#frame;
    const direct = this.#questions;
    const labels: Label[] = [];
    const performs = code.block();
    for (const kind of direct.keys()) labels[kind] = code.block();
    const commits = code.block();
    frame.part('kind');
    const table = Array.from({ length: PathAction.commit + 1 }, (_, kind) => {
      return kind === PathAction.commit ? commits : (labels[kind] ?? performs);
    });
    code.branchTable(table, performs);
    code.end();
    this.#arrive();
    for (const [kind, emit] of [...direct].reverse()) {
      code.end();
      if (kind <= LAST_QUESTION) this.#chooseSibling(unanswered, emit);
      else emit();
      code.branch(walk);
    }
    code.end();
    frame.part('kind');
    code.i32(LAST_QUESTION);
    code.op('i32.le_s');
    code.if();
    this.#chooseSibling(unanswered, () => {
      frame.perform();
    });
    code.else();
    frame.perform();
    code.drop();
    code.end();
    code.branch(walk);
  }

  /** Books the path at its end, and returns its cycles. */
  #arrive(): void {
    const frame = this.#frame;
    const { code, site, hart } = frame;
    const cycles = code.local('i32');
    const charge = code.local('i32');
    const end = code.local('i32');
    code.get(frame.at);
    frame.part('answer');
    code.f64(1);
    code.float('f64.add');
    code.store('f64.store', NUMBER_BYTES * actionPlace.answer);
    frame.part('other');
    code.set(cycles);
    frame.store('node', () => {
      frame.part('detail');
    });
    frame.store('isInStages', () => {
      code.i32(0);
    });
    frame.storeNumber('cycle', () => {
      frame.loadNumber('cycle');
      code.get(cycles);
      code.float('f64.convert_i32_s');
      code.float('f64.add');
    });
    code.get(hart);
    code.get(hart);
    code.load('f64.load', site.cycle);
    code.get(cycles);
    code.float('f64.convert_i32_s');
    code.float('f64.add');
    code.store('f64.store', site.cycle);
    const book = (pushLeaf: () => void, pushCycles: () => void): void => {
      const leaf = code.scratch('walk.leaf', 'i32');
      code.get(hart);
      code.load('i32.load', site.leaves);
      pushLeaf();
      code.i32(Math.log2(LEAF_BYTES));
      code.op('i32.shl');
      code.op('i32.add');
      code.tee(leaf);
      code.get(leaf);
      code.load('f64.load');
      pushCycles();
      code.float('f64.add');
      code.store('f64.store');
    };
    // An instruction that takes one cycle issues in it.
    code.get(cycles);
    code.i32(1);
    code.op('i32.eq');
    code.if();
    book(
      () => {
        code.i32(ISSUE);
      },
      () => {
        code.f64(1);
      },
    );
    code.get(cycles);
    code.return();
    code.end();
    const place = (part: 'subject' | 'object'): void => {
      frame.part(part);
      code.float('i64.trunc_f64_s');
      code.op('i32.wrap_i64');
      code.i32(Math.log2(WORD_BYTES));
      code.op('i32.shl');
    };
    frame.load('charges');
    place('subject');
    code.op('i32.add');
    code.tee(charge);
    place('object');
    code.op('i32.add');
    code.set(end);
    const more = code.loop();
    book(
      () => {
        code.get(charge);
        code.load('i32.load');
      },
      () => {
        code.get(charge);
        code.load('i32.load', WORD_BYTES);
        code.float('f64.convert_i32_s');
      },
    );
    code.get(charge);
    code.i32(2 * WORD_BYTES);
    code.op('i32.add');
    code.tee(charge);
    code.get(end);
    code.op('i32.ne');
    code.branchIf(more);
    code.end();
    code.get(cycles);
    code.return();
  }
}

type Label = ReturnType<Code['block']>;
