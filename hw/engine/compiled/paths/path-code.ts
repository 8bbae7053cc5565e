import type { Code, Label } from '../../../wasm/index.ts';
import { emit, emitEffect, emitFloatCheck, type EffectSite } from '../effect-emitter.ts';
import type { EngineTiming } from '../engine-timing.ts';
import { analyseFlow, type Flow } from '../translator/flow.ts';
import type { PathEnd, PathQuestions } from './known-paths.ts';
import { type PathCodeSettings, PathFrame, type Pending, SETTLED, withEnd } from './path-frame.ts';
import type { PathGraph, PathVertex, WantedOutcome } from './path-graph.ts';
import { pathSite } from './path-site.ts';

/** Stands in front of all entries; no node has this number. */
const ROOT = 0;

/** What a function is generated from. */
export interface PathCodeSource extends PathCodeSettings {
  readonly timing: EngineTiming;
  readonly graph: PathGraph;
}

/** Generates the function that executes what a graph says; yields it with the nodes at which it can be entered, in their order, and its checks. */
export function pathCode(source: PathCodeSource): {
  readonly code: Code;
  readonly entries: readonly number[];
  readonly checks: readonly number[];
} {
  const code = new PathCode(source);
  return { code: code.function(), entries: code.entries, checks: code.checks };
}

/** Instructions in the situations in which they commit, as nested blocks and loops of WebAssembly. */
class PathCode {
  readonly entries: number[];
  readonly checks: number[] = [];
  readonly #frame: PathFrame;
  readonly #timing: EngineTiming;
  readonly #vertices: ReadonlyMap<number, PathVertex>;
  readonly #flow: Flow;
  readonly #questions: PathQuestions;
  readonly #locals: EffectSite['locals'] = new Map();
  readonly #loops = new Map<number, Label>();
  readonly #merges = new Map<number, Label>();
  /** Vertices before which time is looked at, and that what is taken for granted holds up to the next of them. */
  readonly #stops = new Set<number>();

  constructor({ graph, timing, ...settings }: PathCodeSource) {
    this.#timing = timing;
    this.#vertices = graph.vertices;
    this.entries = [...graph.entries];
    this.#flow = this.#findFlow();
    this.#frame = new PathFrame(settings, graph);
    this.#questions = settings.known.within(this.#frame);
    this.#findStops();
  }

  function(): Code {
    this.#frame.open();
    this.#emitDispatch();
    this.#frame.close();
    return this.#frame.code;
  }

  #successors(node: number): readonly number[] {
    if (node === ROOT) return this.entries;
    return this.#endsOf(node)
      .map((end) => end.node)
      .filter((to) => this.#vertices.has(to));
  }

  #endsOf(node: number): readonly PathEnd[] {
    return (this.#vertices.get(node)?.outcomes ?? []).flatMap(({ ends }) => ends);
  }

  /** Edges that structured code cannot express lead to entries. */
  #findFlow(): Flow {
    for (;;) {
      const flow = analyseFlow(ROOT, (node) => this.#successors(node));
      const { order, numberOf } = flow;
      const known = this.entries.length;
      for (const [from, node] of order.entries()) {
        for (const to of this.#successors(node)) {
          const isStructured = flow.canFollow(from, numberOf.get(to) ?? 0);
          if (!isStructured && !this.entries.includes(to)) this.entries.push(to);
        }
      }
      if (this.entries.length === known) return flow;
    }
  }

  #findStops(): void {
    const { order, isHeader, isMerge } = this.#flow;
    for (const entry of this.entries) this.#stops.add(entry);
    for (const [number, node] of order.entries()) {
      if (isHeader[number] === true || isMerge[number] === true) this.#stops.add(node);
      if (this.#endsOf(node).length > 1)
        for (const to of this.#successors(node)) this.#stops.add(to);
    }
  }

  #emitDispatch(): void {
    const { code, entry } = this.#frame;
    const children = this.#flow.dominated[ROOT] ?? [];
    for (const child of [...children].reverse()) this.#merges.set(child, code.block());
    const labels = this.entries.flatMap((node) => this.#merges.get(this.#numberOf(node)) ?? []);
    const [first] = labels;
    if (first === undefined) throw new Error('translated paths have no entry');
    code.get(entry);
    code.branchTable(labels, first);
    for (const child of children) {
      code.end();
      this.#emitTree(child, SETTLED);
    }
  }

  /** A vertex, and within the structure that it opens everything that it dominates. */
  #emitTree(number: number, pending: Pending): void {
    const { code } = this.#frame;
    const vertex = this.#vertexAt(number);
    const isHeader = this.#flow.isHeader[number] === true;
    if (isHeader) this.#loops.set(number, code.loop());
    if (this.#stops.has(vertex.node)) this.#stop(vertex);
    const merges = (this.#flow.dominated[number] ?? []).filter(
      (child) => this.#flow.isMerge[child] === true,
    );
    for (const child of [...merges].reverse()) this.#merges.set(child, code.block());
    this.#emitVertex(number, vertex, pending);
    for (const child of merges) {
      code.end();
      this.#emitTree(child, SETTLED);
    }
    if (isHeader) code.end();
  }

  /** Leaves unless every instruction up to the next stop may begin, and what their paths take for granted holds. */
  #stop(vertex: PathVertex): void {
    const { code, left, state, settings } = this.#frame;
    const leave = (): void => {
      this.#frame.leaveAt(vertex.node, vertex.pc, SETTLED);
    };
    code.get(left);
    code.i32(this.#mostCycles(vertex.node));
    code.op('i32.lt_s');
    code.unlikely();
    code.if();
    leave();
    code.end();
    const check = settings.known.addCheck(this.#endsUpToStop(vertex.node));
    if (check === undefined) return;
    this.checks.push(check.number);
    code.get(state);
    code.i32(0);
    code.load('i32.load', check.state);
    code.op('i32.ne');
    code.unlikely();
    code.if();
    code.i32(check.number);
    code.call(settings.holds);
    code.op('i32.eqz');
    code.if();
    leave();
    code.end();
    code.end();
  }

  /** The most cycles from a vertex to the next stop. */
  #mostCycles(node: number): number {
    return Math.max(
      0,
      ...this.#endsOf(node).map(
        (end) => end.cycles + (this.#goesOn(end) ? this.#mostCycles(end.node) : 0),
      ),
    );
  }

  #endsUpToStop(node: number): readonly PathEnd[] {
    const outcomes = this.#vertices.get(node)?.outcomes ?? [];
    return outcomes.flatMap((wanted) => {
      const own = alternativesOf(outcomes, wanted).length > 1 ? [] : wanted.ends;
      const next = wanted.ends.filter((end) => this.#goesOn(end));
      return [...own, ...next.flatMap((end) => this.#endsUpToStop(end.node))];
    });
  }

  #goesOn({ node }: PathEnd): boolean {
    return this.#vertices.has(node) && !this.#stops.has(node);
  }

  #emitVertex(number: number, vertex: PathVertex, pending: Pending): void {
    const frame = this.#frame;
    const leave = (): void => {
      frame.leaveAt(vertex.node, vertex.pc, pending);
    };
    const site = pathSite(frame, vertex, this.#locals, leave);
    const followOne = (wanted: WantedOutcome): void => {
      const { outcome, ends } = wanted;
      this.#questions.follow(outcome, ends, {
        leaveBehind: (action) => {
          frame.leaveBehind(vertex, outcome, action, pending);
        },
        arrive: (end) => {
          this.#arrive(number, wanted, end, pending);
        },
      });
    };
    const follow = (wanted: WantedOutcome): void => {
      const all = alternativesOf(vertex.outcomes, wanted);
      if (all.length === 1) followOne(wanted);
      else {
        this.#choose(all, followOne);
        frame.leaveBehind(vertex, wanted.outcome, wanted.outcome.action, pending);
      }
    };
    const [effect] = vertex.decoded.instruction.effects;
    if (effect?.effect === 'branch') this.#emitBranch(vertex, site, leave, follow);
    else if (effect?.effect === 'jump') this.#emitJump(vertex, site, leave, follow);
    else this.#emitPlain(vertex, site, leave, follow);
  }

  /** Follows the alternative whose answers are given now, if there is one. */
  #choose(all: readonly WantedOutcome[], follow: Follow): void {
    const { code, state, settings } = this.#frame;
    const checks = all.map((wanted) => ({ wanted, check: settings.known.addCheck(wanted.ends) }));
    const again = code.loop();
    for (const { wanted, check } of checks) {
      if (check === undefined) continue;
      this.checks.push(check.number);
      code.get(state);
      code.i32(0);
      code.load('i32.load', check.state);
      code.op('i32.eq');
      code.if();
      follow(wanted);
      code.end();
    }
    code.i32(0);
    for (const { check } of checks) {
      if (check === undefined) continue;
      code.i32(check.number);
      code.call(settings.holds);
      code.op('i32.or');
    }
    code.branchIf(again);
    code.end();
  }

  #emitBranch(vertex: PathVertex, site: EffectSite, leave: () => void, follow: Follow): void {
    const { code } = this.#frame;
    const [effect] = vertex.decoded.instruction.effects;
    if (effect?.effect !== 'branch') throw new Error('a branch has no condition');
    const [taken, fall] = [true, false].map((isTaken) => {
      return vertex.outcomes.find(({ outcome }) => outcome.isTaken === isTaken);
    });
    const go = (wanted: WantedOutcome | undefined): void => {
      if (wanted === undefined) leave();
      else follow(wanted);
    };
    emit(site, effect.condition);
    if (taken === undefined) code.unlikely();
    else if (fall === undefined) code.likely();
    code.if();
    go(taken);
    code.end();
    go(fall);
  }

  #emitJump(vertex: PathVertex, site: EffectSite, leave: () => void, follow: Follow): void {
    const { code, target } = this.#frame;
    const { outcomes, decoded } = vertex;
    const [effect, ...rest] = decoded.instruction.effects;
    if (effect?.effect !== 'jump') throw new Error('a jump leads nowhere');
    emit(site, effect.target);
    code.set(target);
    const link = (): void => {
      for (const step of rest) emitEffect(site, step);
    };
    for (const wanted of firstsOf(outcomes)) {
      code.get(target);
      code.i64(wanted.outcome.next);
      code.op('i64.eq');
      code.likely();
      code.if();
      link();
      follow(wanted);
      code.end();
    }
    leave();
  }

  #emitPlain(vertex: PathVertex, site: EffectSite, leave: () => void, follow: Follow): void {
    const { code } = this.#frame;
    const { decoded } = vertex;
    const outcomes = firstsOf(vertex.outcomes);
    const { instruction } = decoded;
    emitFloatCheck(site, instruction);
    const extra = this.#timing.operandExtra(instruction);
    const operands = code.scratch('paths.operands', 'i32');
    const [only] = outcomes;
    const pushIs = ({ outcome }: WantedOutcome): void => {
      code.get(operands);
      code.i32(outcome.operands);
      code.op('i32.eq');
    };
    if (extra !== undefined) {
      emit(site, extra);
      code.set(operands);
      for (const [index, wanted] of outcomes.entries()) {
        pushIs(wanted);
        if (index > 0) code.op('i32.or');
      }
      code.op('i32.eqz');
      site.leaveIf();
    }
    for (const effect of instruction.effects) emitEffect(site, effect);
    for (const wanted of outcomes) {
      if (wanted === only) continue;
      pushIs(wanted);
      code.if();
      follow(wanted);
      code.end();
    }
    if (only !== undefined) follow(only);
    else leave();
  }

  /** Goes on at the end of a path, in the function or out of it. */
  #arrive(from: number, { outcome }: WantedOutcome, end: PathEnd, pending: Pending): void {
    const frame = this.#frame;
    const sum = withEnd(pending, end);
    const to = this.#flow.numberOf.get(end.node);
    if (to === undefined) {
      frame.leaveAt(end.node, outcome.next, sum);
      return;
    }
    const isStop = this.#stops.has(end.node);
    if (isStop) frame.book(sum);
    const label = to <= from ? this.#loops.get(to) : this.#merges.get(to);
    if (!this.#flow.canFollow(from, to)) frame.enter(this.entries.indexOf(end.node));
    else if (label !== undefined) frame.code.branch(label);
    else this.#emitTree(to, isStop ? SETTLED : sum);
  }

  #numberOf(node: number): number {
    return this.#flow.numberOf.get(node) ?? ROOT;
  }

  #vertexAt(number: number): PathVertex {
    const vertex = this.#vertices.get(this.#flow.order[number] ?? ROOT);
    if (vertex === undefined) throw new Error('translated paths lack a vertex');
    return vertex;
  }
}

/** The outcomes of the same action. */
function alternativesOf(
  outcomes: readonly WantedOutcome[],
  { outcome }: WantedOutcome,
): readonly WantedOutcome[] {
  return outcomes.filter((other) => other.outcome.action === outcome.action);
}

/** One outcome of each action. */
function firstsOf(outcomes: readonly WantedOutcome[]): readonly WantedOutcome[] {
  return outcomes.filter((wanted) => alternativesOf(outcomes, wanted)[0] === wanted);
}

type Follow = (wanted: WantedOutcome) => void;
