import type { Follower, Hart, TrapRecord } from '../../hw/hart/index.ts';
import { type Decoded, isVirtual, type Mode, satp, vsatp } from '../../hw/isa/index.ts';
import { mechanismNumber } from '../../hw/timing/index.ts';
import { type CallStack, frameReturningTo, rooted } from './call-stack.ts';
import { CallNode } from './call-tree.ts';
import type { CodeFunction, FunctionTable } from './code-function.ts';
import type { ParkedStacks } from './parked-stacks.ts';

/** What the functions of a hart in one mode were called by, and for guests the number of the virtual machine. */
export interface ProfileRoot {
  readonly vm: number | undefined;
  /** Nobody: its children are the outermost functions. */
  readonly node: CallNode;
}

/** What the last instruction makes of the stack, once it is known where it led. */
type Turn = 'none' | 'start' | 'call' | 'return' | 'swap' | 'trapReturn';

const STACK_POINTER = 2;
/** Registers that hold return addresses (unpriv, "Unconditional Jumps"). */
const RETURN_ADDRESS = 1;
const ALTERNATE_LINK = 5;
const trapReturns: ReadonlySet<string> = new Set(['mret', 'sret', 'huret']);
const HIGH = 2 ** 32;
const TRAP_ENTRY = mechanismNumber['trap-entry'];
/** Before the first instruction. */
const nowhere: CodeFunction = { image: 'unknown', name: 'reset', start: 0n, end: 0n };

function isLink(register: number): boolean {
  return register === RETURN_ADDRESS || register === ALTERNATE_LINK;
}

function joined(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

/** Finds out on behalf of which function, called by whom, every cycle of a hart is spent. */
export class HartProfile implements Follower {
  readonly hart: Hart;
  readonly #tables: (mode: Mode) => FunctionTable;
  readonly #parked: ParkedStacks;
  readonly #roots = new Map<string, ProfileRoot>();
  #mode: Mode = 'M';
  #stack: CallStack = [];
  #node: CallNode;
  #turn: Turn = 'start';
  /** The function that a trap left, until an instruction of its handler retires: the entry of the trap is booked there. */
  #left: CallNode | undefined;
  /** Where the instruction in hand lies. */
  #pcHigh = 0;
  #pcLow = 0;
  /** Of the last call the address behind it, and of the last jump the register that it went by. */
  #link = 0n;
  #jumpRegister = 0;
  /** The low halves of the present function's addresses, beside one high half. */
  #high = -1;
  #start = 0;
  #end = 0;

  /** Follows a hart; stacks that others left behind are in `parked`. */
  constructor(hart: Hart, tables: (mode: Mode) => FunctionTable, parked: ParkedStacks) {
    this.hart = hart;
    this.#tables = tables;
    this.#parked = parked;
    this.#node = this.#rootOf(this.#mode).child(nowhere);
    hart.follow(this);
  }

  /** What the outermost functions hang from. */
  get roots(): Iterable<ProfileRoot> {
    return this.#roots.values();
  }

  begins(pcHigh: number, pcLow: number): void {
    this.#pcHigh = pcHigh;
    this.#pcLow = pcLow;
    if (this.#turn !== 'none') {
      const { mode } = this.hart;
      this.#take(mode === 'HU' ? 'U' : mode, joined(pcHigh, pcLow));
    } else if (pcHigh !== this.#high || pcLow < this.#start || pcLow >= this.#end) {
      this.#moveTo(joined(pcHigh, pcLow));
    }
  }

  retires({ instruction, rd, rs1, length }: Decoded): void {
    this.#left = undefined;
    const { name } = instruction;
    if (name === 'jal' || name === 'jalr') {
      const returns = name === 'jalr' && isLink(rs1) && rs1 !== rd;
      if (isLink(rd)) this.#turn = returns ? 'swap' : 'call';
      else if (returns) this.#turn = 'return';
      if (isLink(rd)) this.#link = joined(this.#pcHigh, this.#pcLow) + BigInt(length);
      this.#jumpRegister = rs1;
    } else if (trapReturns.has(name)) this.#turn = 'trapReturn';
  }

  traps({ from, pc }: TrapRecord): void {
    this.#parked.interrupt(this.#spaceOf(from), this.#stackPointer, pc, this.#stack);
    this.#turn = 'start';
    this.#left = this.#node;
  }

  charged(leaf: number, cycles: number): void {
    if (cycles === 0) return;
    const isEntry = leaf % this.hart.account.tree.mechanisms.length === TRAP_ENTRY;
    const node = isEntry ? (this.#left ?? this.#node) : this.#node;
    node.book(leaf, cycles);
  }

  get #stackPointer(): bigint {
    return this.hart.state.x[STACK_POINTER] ?? 0n;
  }

  /** Does to the stack what the last instruction, or trap, has begun: the hart is at `pc` now. */
  #take(mode: Mode, pc: bigint): void {
    const turn = this.#turn;
    this.#turn = 'none';
    switch (turn) {
      case 'none':
        return;
      case 'start':
        this.#begin(mode, pc);
        return;
      case 'call':
        this.#call(pc);
        return;
      case 'return':
        this.#return(pc);
        return;
      case 'swap':
        this.#return(pc);
        this.#call(pc);
        return;
      case 'trapReturn':
        this.#resume(mode, pc);
    }
  }

  /** A stack begins with the function of an address. */
  #begin(mode: Mode, pc: bigint): void {
    this.#mode = mode;
    this.#stack = [];
    this.#push(this.#rootOf(mode), pc, undefined);
  }

  #call(pc: bigint): void {
    this.#push(this.#node, pc, this.#link);
  }

  #push(caller: CallNode, pc: bigint, returnTo: bigint | undefined): void {
    const node = this.#enter(caller, pc);
    this.#stack.push({ node, caller, returnTo, stackPointer: this.#stackPointer });
  }

  /** The hart is in another function than it was, without a call. */
  #moveTo(pc: bigint): void {
    const top = this.#stack.at(-1);
    if (top === undefined) this.#begin(this.#mode, pc);
    else top.node = this.#enter(top.caller, pc, top.node);
  }

  /** The node of the function of an address below a caller; it is entered unless it is where the hart was. */
  #enter(caller: CallNode, pc: bigint, present?: CallNode): CallNode {
    const code = this.#tables(this.#mode).at(pc);
    const node = code === present?.code ? present : caller.child(code);
    if (node !== present) node.entries += 1;
    this.#node = node;
    const { start, end } = code;
    const first = (pc >> 32n) << 32n;
    this.#high = Number(pc >> 32n);
    this.#start = start <= first ? 0 : Number(start - first);
    this.#end = end - first > HIGH ? HIGH : Number(end - first);
    return node;
  }

  #return(pc: bigint): void {
    let place = frameReturningTo(this.#stack, pc, this.#stackPointer);
    if (place < 0) {
      const space = this.#spaceOf(this.#mode);
      const other = this.#parked.comeBack(space, this.#stackPointer, pc);
      if (other !== undefined) {
        this.#parked.leave(space, this.#stack);
        this.#stack = rooted(other, this.#rootOf(this.#mode));
        place = other.length - 1;
      } else if (this.#stack.at(-1)?.returnTo === pc) place = this.#stack.length - 1;
    }
    if (place > 0) {
      this.#stack.length = place;
      this.#moveTo(pc);
    } else this.#jumpBack(pc);
  }

  /** A return that no call has announced. */
  #jumpBack(pc: bigint): void {
    const isElsewhere = this.#tables(this.#mode).at(pc) !== this.#node.code;
    // The alternate link register serves for jumps of any kind, too.
    if (isElsewhere && this.#jumpRegister === RETURN_ADDRESS) {
      this.#parked.leave(this.#spaceOf(this.#mode), this.#stack);
      this.#begin(this.#mode, pc);
    } else this.#moveTo(pc);
  }

  /** A trap return leads to a mode, and there to the stack that was interrupted, or to a new one. */
  #resume(mode: Mode, pc: bigint): void {
    this.#parked.leave(this.#spaceOf(this.#mode), this.#stack);
    const found = this.#parked.resume(this.#spaceOf(mode), this.#stackPointer, pc);
    const top = found?.at(-1);
    if (found === undefined || top === undefined) {
      this.#begin(mode, pc);
      return;
    }
    this.#mode = mode;
    this.#stack = rooted(found, this.#rootOf(mode));
    this.#moveTo(pc);
  }

  /** Within what a stack pointer stands for one stack: a mode, and its address space or virtual machine. */
  #spaceOf(mode: Mode): string {
    const { csrs, account } = this.hart;
    if (mode === 'M') return `${mode} ${String(this.hart.id)}`;
    if (mode === 'U') return `${mode} ${csrs.stored(satp).toString(16)}`;
    if (!isVirtual(mode)) return mode;
    const vm = `${mode} ${String(account.vms.current)}`;
    return mode === 'VU' ? `${vm} ${csrs.stored(vsatp).toString(16)}` : vm;
  }

  #rootOf(mode: Mode): CallNode {
    const vm = isVirtual(mode) ? this.hart.account.vms.current : undefined;
    const key = `${mode} ${String(vm)}`;
    let root = this.#roots.get(key);
    if (root === undefined) {
      root = { vm, node: new CallNode({ ...nowhere, name: '' }) };
      this.#roots.set(key, root);
    }
    return root.node;
  }
}
