import { Code, type Label } from '../../../wasm/index.ts';
import { hartStateOffsets } from '../../hart-state.ts';
import { emitExtra, emitLeaf, LEAF_BYTES } from '../book-code.ts';
import { runOffsets } from '../run-state.ts';
import { RegionRegisters } from '../translator/region-registers.ts';
import type { KnownPaths, PathEnd, PathOutcome } from './known-paths.ts';
import type { PathGraph, PathVertex } from './path-graph.ts';

/** Cycles that are known when the code is written and not booked yet, by mechanism, and in all. */
export interface Pending {
  readonly cycles: number;
  readonly charges: ReadonlyMap<number, number>;
}

/** Nothing is pending. */
export const SETTLED: Pending = { cycles: 0, charges: new Map() };

/** The same with a path more. */
export function withEnd({ cycles, charges }: Pending, end: PathEnd): Pending {
  const sums = new Map(charges);
  for (const [mechanism, share] of end.charges) {
    sums.set(mechanism, (sums.get(mechanism) ?? 0) + share);
  }
  return { cycles: cycles + end.cycles, charges: sums };
}

/** What the code of translated paths is generated for. */
export interface PathCodeSettings {
  readonly known: KnownPaths;
  /** Number of the function in the table. */
  readonly number: number;
  /** Mechanism of the cycle in which an instruction issues. */
  readonly issue: number;
  readonly instructionAlignment: 2 | 4;
  /** Numbers of the imported functions: follows the path of an instruction, and says whether a check holds. */
  readonly walk: number;
  readonly holds: number;
}

/** Parameters of the function: the hart's memory, cycles left, address of the instruction. It returns the cycles left. */
export const pathParameters = ['i32', 'i32', 'i64'] as const;
/** Type of `holds`. */
export const holdsType = { parameters: ['i32'], results: ['i32'] } as const;

/** A function that follows known paths, under construction: its locals, how it begins, and how it is left. */
export class PathFrame {
  readonly settings: PathCodeSettings;
  readonly code = new Code(pathParameters);
  readonly hart = 0;
  readonly left = 1;
  readonly pc = 2;
  /** Filter tables. */
  readonly readTable = this.code.local('i32');
  readonly writeTable = this.code.local('i32');
  readonly floatMode = this.code.local('i32');
  /** Address of an access, its place in a table, and where it was made. */
  readonly address = this.code.local('i64');
  readonly slot = this.code.local('i32');
  readonly host = this.code.local('i32');
  /** Where an indirect jump leads to, and where the function is left to. */
  readonly target = this.code.local('i64');
  /** Which entry comes next. */
  readonly entry = this.code.local('i32');
  /** The state of the caches of instructions. */
  readonly state = this.code.local('i32');
  readonly registers: RegionRegisters;
  /** What was left when cycles were booked last. */
  readonly #begun = this.code.local('i32');
  /** What the stages hold where the function is left, and there the path of an instruction: what it did, and up to which action. */
  readonly #node = this.code.local('i32');
  readonly #variant = this.code.local('i32');
  readonly #behind = this.code.local('i32');
  readonly #sum = this.code.local('i32');
  readonly #sums = new Map<number, number>();
  #out: Label | undefined;
  #again: Label | undefined;
  #walks: Label | undefined;

  constructor(settings: PathCodeSettings, { vertices }: PathGraph) {
    this.settings = settings;
    this.registers = new RegionRegisters(
      this.code,
      [...vertices.values()].map(({ decoded }) => ({ decoded, inPage: 0, entry: 0 })),
    );
  }

  /** Takes the state over from the caller, and goes to the entry that the node says; what follows is the code from there on. */
  open(): void {
    const { code, hart, left } = this;
    const { known } = this.settings;
    const { places } = known;
    this.registers.load(hart);
    for (const [word, local] of [
      ['floatMode', this.floatMode],
      ['readTable', this.readTable],
      ['writeTable', this.writeTable],
    ] as const) {
      code.get(hart);
      code.load('i32.load', runOffsets[word]);
      code.set(local);
    }
    code.get(left);
    code.set(this.#begun);
    code.get(this.pc);
    code.set(this.target);
    this.#pushNode();
    code.load('i32.load', places.entryOffset);
    code.set(this.entry);
    this.#out = code.block();
    this.#again = code.loop();
    code.i32(0);
    code.load('i32.load', places.fetchState);
    code.set(this.state);
    this.#walks = code.block();
  }

  /** Ends the code from the entries on, and hands the state back. */
  close(): void {
    const { code, hart, left } = this;
    code.end();
    this.#walk();
    code.end();
    code.end();
    code.get(left);
    code.get(this.#begun);
    code.op('i32.ne');
    code.if();
    this.#settle();
    code.end();
    this.registers.save(hart);
    code.get(hart);
    code.get(this.target);
    code.store('i64.store', hartStateOffsets.pc);
    code.get(left);
  }

  /** Goes to one of the entries. */
  enter(entry: number): void {
    const { code } = this;
    code.i32(entry);
    code.set(this.entry);
    if (this.#again !== undefined) code.branch(this.#again);
  }

  /** Books what is pending. */
  book({ cycles, charges }: Pending): void {
    if (cycles === 0) return;
    this.#add(this.left, -cycles);
    for (const [mechanism, share] of charges) this.#add(this.#sumOf(mechanism), share);
  }

  /** Leaves the function at a node. */
  leaveAt(node: number, pc: bigint, pending: Pending): void {
    const { code } = this;
    this.book(pending);
    code.i32(node);
    code.set(this.#node);
    code.i64(pc);
    code.set(this.target);
    if (this.#out !== undefined) code.branch(this.#out);
  }

  /** Lets the core go on with the path of an instruction behind an action. */
  leaveBehind(
    { node, pc }: PathVertex,
    outcome: PathOutcome,
    action: number,
    pending: Pending,
  ): void {
    const { code } = this;
    this.book(pending);
    for (const [value, local] of [
      [node, this.#node],
      [2 * outcome.operands + (outcome.isTaken ? 1 : 0), this.#variant],
      [action, this.#behind],
    ] as const) {
      code.i32(value);
      code.set(local);
    }
    if (!outcome.hasAccess) {
      code.i32(0);
      code.set(this.host);
    }
    code.i64(pc);
    code.set(this.pc);
    code.i64(outcome.next);
    code.set(this.target);
    if (this.#walks !== undefined) code.branch(this.#walks);
  }

  /** Lets the core follow the path of an instruction, and goes on at the node to which that leads if it is an entry. */
  #walk(): void {
    const { code, hart, left } = this;
    const { known, number, walk } = this.settings;
    const { places } = known;
    const cycles = code.scratch('paths.cycles', 'i32');
    code.get(left);
    code.get(this.#begun);
    code.op('i32.ne');
    code.if();
    this.#settle();
    code.end();
    for (const local of [hart, this.host, this.#variant, this.pc, this.target, this.address]) {
      code.get(local);
    }
    code.get(this.#behind);
    code.call(walk);
    code.set(cycles);
    code.get(left);
    code.get(cycles);
    code.op('i32.sub');
    code.tee(left);
    code.set(this.#begun);
    emitExtra({ code, hart }, () => {
      code.get(cycles);
      code.i32(1);
      code.op('i32.sub');
    });
    code.i32(0);
    code.load('i32.load', places.isLive);
    code.if();
    this.#pushNode();
    code.tee(cycles);
    code.load('i32.load', places.codeOffset);
    code.i32(number + 1);
    code.op('i32.eq');
    code.if();
    code.get(cycles);
    code.load('i32.load', places.entryOffset);
    code.set(this.entry);
    if (this.#again !== undefined) code.branch(this.#again);
    code.end();
    code.end();
  }

  /** Puts where the node is on the stack that the stages hold. */
  #pushNode(): void {
    const { code } = this;
    const { node, nodes, nodeShift } = this.settings.known.places;
    code.i32(0);
    code.load('i32.load', node);
    code.i32(nodeShift);
    code.op('i32.shl');
    code.i32(nodes);
    code.op('i32.add');
  }

  /** Brings the counts of hart and core up to date. */
  #settle(): void {
    const { code, hart, left } = this;
    const { known, issue } = this.settings;
    const { node, isInStages, cycle } = known.places;
    code.i32(0);
    code.get(this.#node);
    code.store('i32.store', node);
    code.i32(0);
    code.i32(0);
    code.store('i32.store', isInStages);
    code.i32(0);
    code.set(this.#sum);
    for (const [mechanism, local] of this.#sums) {
      code.get(local);
      code.if();
      this.#leaf(mechanism, () => {
        code.get(local);
      });
      code.get(this.#sum);
      code.get(local);
      code.op('i32.add');
      code.set(this.#sum);
      code.i32(0);
      code.set(local);
      code.end();
    }
    emitExtra({ code, hart }, () => {
      code.get(this.#sum);
    });
    const passed = (): void => {
      code.get(this.#begun);
      code.get(left);
      code.op('i32.sub');
    };
    this.#leaf(issue, () => {
      passed();
      code.get(this.#sum);
      code.op('i32.sub');
    });
    for (const [base, offset] of [
      [hart, hartStateOffsets.cycle],
      [undefined, cycle],
    ] as const) {
      const push = (): void => {
        if (base === undefined) code.i32(0);
        else code.get(base);
      };
      push();
      push();
      code.load('f64.load', offset);
      passed();
      code.float('f64.convert_i32_s');
      code.float('f64.add');
      code.store('f64.store', offset);
    }
    code.get(left);
    code.set(this.#begun);
  }

  #leaf(mechanism: number, push: () => void): void {
    const { code, hart } = this;
    const offset = (): void => {
      code.i32(mechanism * LEAF_BYTES);
    };
    emitLeaf({ code, hart }, offset, push);
  }

  #add(local: number, amount: number): void {
    const { code } = this;
    code.get(local);
    code.i32(amount);
    code.op('i32.add');
    code.set(local);
  }

  #sumOf(mechanism: number): number {
    const sum = this.#sums.get(mechanism) ?? this.code.local('i32');
    this.#sums.set(mechanism, sum);
    return sum;
  }
}
