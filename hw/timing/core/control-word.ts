import type { Decoded } from '../../isa/index.ts';
import {
  detailsOf,
  type FloatUnit,
  type InstructionKind,
  kindOf,
  type MemoryKind,
  type TransferKind,
} from './instruction-view.ts';

/**
 * What the stages look at in every cycle, as two words: members of a set (`Control`) and small fields in one, registers in the other.
 * A core goes through many thousand different instructions, and the host's caches hold two words of each, but not an object.
 */

const MEMORY_KINDS: readonly MemoryKind[] = [
  'none',
  'load',
  'store',
  'loadReserved',
  'storeConditional',
  'atomic',
  'translationFence',
  'cacheBlock',
];
const FLOAT_UNITS: readonly FloatUnit[] = ['none', 'fast', 'single', 'double', 'divider'];

/** Kinds of accesses (`memoryOf`). */
export const Memory = {
  none: 0,
  load: 1,
  store: 2,
  loadReserved: 3,
  storeConditional: 4,
  atomic: 5,
  translationFence: 6,
  /** CBO.CLEAN, CBO.FLUSH and CBO.INVAL. */
  cacheBlock: 7,
} as const satisfies Record<MemoryKind, number>;

/** Units of floating-point numbers (`floatUnitOf`). */
export const Unit = {
  none: 0,
  fast: 1,
  single: 2,
  double: 3,
  divider: 4,
} as const satisfies Record<FloatUnit, number>;

const MEMORY_BITS = 3;
const BYTES_SHIFT = MEMORY_BITS;
const BYTES_BITS = 4;
const UNIT_SHIFT = BYTES_SHIFT + BYTES_BITS;
const UNIT_BITS = 3;
const FIRST_MEMBER = UNIT_SHIFT + UNIT_BITS;
const member = (place: number): number => 1 << (FIRST_MEMBER + place);

/** The field that says whether there is an access at all. */
export const MEMORY = 2 ** MEMORY_BITS - 1;

/** Members of the set that a control word is. */
export const Control = {
  /** Has an integer destination, even x0. */
  writesInteger: member(0),
  isFloat: member(1),
  isDouble: member(2),
  isSquareRoot: member(3),
  setsFlags: member(4),
  toInteger: member(5),
  reads: member(6),
  writes: member(7),
  /** Multiplication and division. */
  arithmetic: member(8),
  isBranch: member(9),
  jumps: member(10),
  jumpsToRegister: member(11),
  isCsr: member(12),
  isFloatCsr: member(13),
  flushes: member(14),
  isFence: member(15),
  isInstructionFence: member(16),
  acquires: member(17),
  releases: member(18),
  /** What follows stays in decode for some time. */
  pauses: member(19),
  /** The integer result is not there for an instruction that is decoded while this one is in execute, or in the memory stage. */
  isLateInExecute: member(20),
  isLateInMemory: member(21),
} as const;

/** Whether anything leaves the straight line. */
export const TRANSFERS = Control.isBranch | Control.jumps | Control.jumpsToRegister;

const transfers: Readonly<Record<TransferKind, number>> = {
  none: 0,
  branch: Control.isBranch,
  jump: Control.jumps,
  jumpRegister: Control.jumpsToRegister,
};

/** An instruction without its operands, and what of its control word that gives. */
interface PackedKind {
  readonly kind: InstructionKind;
  readonly control: number;
}

const packedKinds = new WeakMap<Decoded['instruction'], PackedKind>();

function packedKindOf(decoded: Decoded): PackedKind {
  let packed = packedKinds.get(decoded.instruction);
  if (packed === undefined) {
    const kind = kindOf(decoded);
    packed = { kind, control: controlOfKind(kind) };
    packedKinds.set(decoded.instruction, packed);
  }
  return packed;
}

function setOf(members: readonly (readonly [boolean, number])[]): number {
  return members.reduce((set, [isThere, bit]) => set | (isThere ? bit : 0), 0);
}

function controlOfKind(kind: InstructionKind): number {
  const { memory, bytes, floatUnit, arithmetic } = kind;
  const isAccess = memory !== 'none';
  const isArithmetic = arithmetic !== undefined;
  // Data need a cycle more from the cache to the register: less than a word, or whether a store succeeded.
  const comesLate = isAccess && (memory === 'storeConditional' || bytes < 4);
  const isLate = kind.isCsr || isArithmetic || kind.isFloat;
  const members = setOf([
    [kind.writesInteger, Control.writesInteger],
    [kind.isFloat, Control.isFloat],
    [kind.isDouble, Control.isDouble],
    [kind.isSquareRoot, Control.isSquareRoot],
    [kind.setsFlags, Control.setsFlags],
    [kind.toInteger, Control.toInteger],
    [kind.reads, Control.reads],
    [kind.writes, Control.writes],
    [isArithmetic, Control.arithmetic],
    [kind.isCsr, Control.isCsr],
    [kind.flushes, Control.flushes],
    [kind.isFence, Control.isFence],
    [kind.isInstructionFence, Control.isInstructionFence],
    [isLate || isAccess || kind.transfer === 'jumpRegister', Control.isLateInExecute],
    [isLate || comesLate, Control.isLateInMemory],
  ]);
  return (
    members |
    MEMORY_KINDS.indexOf(memory) |
    (bytes << BYTES_SHIFT) |
    (FLOAT_UNITS.indexOf(floatUnit) << UNIT_SHIFT) |
    transfers[kind.transfer]
  );
}

/** Packs what an instruction is. */
export function controlOf(decoded: Decoded): number {
  const { kind, control } = packedKindOf(decoded);
  const details = detailsOf(decoded, kind);
  if (details === undefined) return control;
  const { isFloatCsr, flushes, pauses, acquires, releases } = details;
  return (
    control |
    setOf([
      [isFloatCsr, Control.isFloatCsr],
      [flushes, Control.flushes],
      [pauses, Control.pauses],
      [acquires, Control.acquires],
      [releases, Control.releases],
    ])
  );
}

/** What kind of access it makes, one of `Memory`. */
export function memoryOf(control: number): number {
  return control & MEMORY;
}

/** How many bytes it accesses. */
export function bytesOf(control: number): number {
  return (control >>> BYTES_SHIFT) & (2 ** BYTES_BITS - 1);
}

/** Which floating-point unit computes, one of `Unit`. */
export function floatUnitOf(control: number): number {
  return (control >>> UNIT_SHIFT) & (2 ** UNIT_BITS - 1);
}

/** Registers are numbered together: 0 is none, x1 to x31, and from here on f0 to f31. */
export const FIRST_FLOAT = 32;
const REGISTER_BITS = 6;
const REGISTER = 2 ** REGISTER_BITS - 1;

/** Packs the registers of an instruction, the destination in the lowest bits. */
export function registersOf(decoded: Decoded): number {
  const { kind } = packedKindOf(decoded);
  let packed = 0;
  if (kind.frs3) packed = FIRST_FLOAT + decoded.frs3;
  packed <<= REGISTER_BITS;
  if (kind.frs2) packed |= FIRST_FLOAT + decoded.frs2;
  else if (kind.rs2) packed |= decoded.rs2;
  packed <<= REGISTER_BITS;
  if (kind.frs1) packed |= FIRST_FLOAT + decoded.frs1;
  else if (kind.rs1) packed |= decoded.rs1;
  packed <<= REGISTER_BITS;
  if (kind.frd) packed |= FIRST_FLOAT + decoded.frd;
  else if (kind.rd) packed |= decoded.rd;
  return packed;
}

/** The destination, or 0. */
export function destinationOf(registers: number): number {
  return registers & REGISTER;
}

/** The n-th register that is read, from 1 on, or 0. */
export function sourceOf(registers: number, which: 1 | 2 | 3): number {
  return (registers >>> (which * REGISTER_BITS)) & REGISTER;
}

/** The number in its file of a floating-point destination, negative if there is none. */
export function floatDestinationOf(registers: number): number {
  return (registers & REGISTER) - FIRST_FLOAT;
}

/** Whether one of the registers is a given one, which is not 0. */
export function uses(registers: number, register: number): boolean {
  return (
    (registers & REGISTER) === register ||
    ((registers >>> REGISTER_BITS) & REGISTER) === register ||
    ((registers >>> (2 * REGISTER_BITS)) & REGISTER) === register ||
    ((registers >>> (3 * REGISTER_BITS)) & REGISTER) === register
  );
}
