import type { SourceLocation } from '../diagnostics/compile-error.ts';
import type { Block } from './block.ts';
import type { VirtualRegister } from './virtual-register.ts';

/** What an instruction does to the rest of the function; the emitter and the passes go by it. */
export type Kind =
  /** A row of hw/isa that computes a value from registers and an immediate. */
  | 'compute'
  | 'load'
  | 'store'
  | 'move'
  | 'constant'
  /** Address of `symbol`. */
  | 'address'
  /** Address of the jump table `table`. */
  | 'tableAddress'
  | 'loadGlobal'
  | 'storeGlobal'
  | 'call'
  | 'callRegister'
  | 'environmentCall'
  /** Takes the arguments out of their registers; only at the entry. */
  | 'parameters'
  /** A row of hw/isa with effects of its own: CSR accesses, fences, atomics, guest memory. Never moved or dropped. */
  | 'machine'
  | 'csr'
  | 'probe';

/** One instruction on virtual registers. */
export interface LirInstruction {
  readonly kind: Kind;
  /** Name of the row of hw/isa, where there is one. */
  readonly mnemonic: string;
  destination?: VirtualRegister;
  a?: VirtualRegister;
  b?: VirtualRegister;
  readonly immediate?: bigint;
  readonly symbol?: string;
  readonly table?: JumpTable;
  operands?: VirtualRegister[];
  definitions?: VirtualRegister[];
  /** Machine registers that `operands` go to; default a0, a1, … */
  readonly operandRegisters?: readonly number[];
  /** A memory access that must happen exactly as written. */
  readonly isVolatile?: boolean;
  readonly location?: SourceLocation | undefined;
}

/** Where a computed jump may go, by selector. */
export interface JumpTable {
  readonly id: number;
  targets: Block[];
}

/** Virtual registers that an instruction reads. */
export function usesOf(i: LirInstruction): VirtualRegister[] {
  const uses = i.operands ? [...i.operands] : [];
  if (i.a !== undefined) uses.push(i.a);
  if (i.b !== undefined) uses.push(i.b);
  return uses;
}

/** Virtual registers that an instruction writes. */
export function definitionsOf(i: LirInstruction): readonly VirtualRegister[] {
  if (i.definitions) return i.definitions;
  return i.destination === undefined ? [] : [i.destination];
}

/** True if the registers that a callee may change are lost across this instruction. */
export function isCall(i: LirInstruction): boolean {
  return i.kind === 'call' || i.kind === 'callRegister' || i.kind === 'environmentCall';
}

/** True if nothing but the destination depends on this instruction. */
export function isPure(i: LirInstruction): boolean {
  switch (i.kind) {
    case 'compute':
    case 'move':
    case 'constant':
    case 'address':
    case 'tableAddress':
    case 'loadGlobal':
      return true;
    case 'load':
      return i.isVolatile !== true;
    default:
      return false;
  }
}

/** Replaces the registers that an instruction reads. */
export function rewriteUses(
  i: LirInstruction,
  to: (register: VirtualRegister) => VirtualRegister,
): void {
  if (i.a !== undefined) i.a = to(i.a);
  if (i.b !== undefined) i.b = to(i.b);
  if (i.operands) i.operands = i.operands.map(to);
}

/** Replaces the registers that an instruction writes. */
export function rewriteDefinitions(
  i: LirInstruction,
  to: (register: VirtualRegister) => VirtualRegister,
): void {
  if (i.destination !== undefined) i.destination = to(i.destination);
  if (i.definitions) i.definitions = i.definitions.map(to);
}

/** An instruction that can be changed without changing the original. */
export function copyOf(i: LirInstruction): LirInstruction {
  return { ...i };
}
