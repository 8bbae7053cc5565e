import type { BinaryOperator, UnaryOperator, ValueType } from './expression.ts';

interface UnaryOpcode {
  readonly operator: UnaryOperator;
  readonly width: 32 | 64;
  readonly type: ValueType;
}

interface BinaryOpcode {
  readonly operator: BinaryOperator;
  readonly width: 32 | 64;
  readonly type: ValueType;
}

interface MemoryOpcode {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  readonly type: ValueType;
}

const comparisons = [
  ...['eq', 'ne', 'ltS', 'ltU', 'gtS', 'gtU', 'leS', 'leU', 'geS', 'geU'],
] as readonly BinaryOperator[];
const arithmetic = [
  ...['add', 'sub', 'mul', 'divS', 'divU', 'remS', 'remU', 'and', 'or', 'xor'],
  ...['shl', 'shrS', 'shrU', 'rotl', 'rotr'],
] as readonly BinaryOperator[];
const counts = ['clz', 'ctz', 'popcnt'] as const;

/** Integer operators of two operands by opcode (core spec 5.4.7). */
export const binaryOpcodes: ReadonlyMap<number, BinaryOpcode> = new Map<number, BinaryOpcode>([
  ...comparisons.map((operator, i) => [0x46 + i, { operator, width: 32, type: 'i32' }] as const),
  ...comparisons.map((operator, i) => [0x51 + i, { operator, width: 64, type: 'i32' }] as const),
  ...arithmetic.map((operator, i) => [0x6a + i, { operator, width: 32, type: 'i32' }] as const),
  ...arithmetic.map((operator, i) => [0x7c + i, { operator, width: 64, type: 'i64' }] as const),
]);

/** Integer operators of one operand by opcode. */
export const unaryOpcodes: ReadonlyMap<number, UnaryOpcode> = new Map<number, UnaryOpcode>([
  [0x45, { operator: 'eqz', width: 32, type: 'i32' }],
  [0x50, { operator: 'eqz', width: 64, type: 'i32' }],
  ...counts.map((operator, i) => [0x67 + i, { operator, width: 32, type: 'i32' }] as const),
  ...counts.map((operator, i) => [0x79 + i, { operator, width: 64, type: 'i64' }] as const),
  [0xa7, { operator: 'wrap', width: 64, type: 'i32' }],
  [0xac, { operator: 'extendSigned32', width: 32, type: 'i64' }],
  [0xad, { operator: 'extendUnsigned32', width: 32, type: 'i64' }],
  [0xc0, { operator: 'extend8', width: 32, type: 'i32' }],
  [0xc1, { operator: 'extend16', width: 32, type: 'i32' }],
  [0xc2, { operator: 'extend8', width: 64, type: 'i64' }],
  [0xc3, { operator: 'extend16', width: 64, type: 'i64' }],
  [0xc4, { operator: 'extend32', width: 64, type: 'i64' }],
]);

/** Integer loads by opcode. */
export const loadOpcodes: ReadonlyMap<number, MemoryOpcode> = new Map<number, MemoryOpcode>([
  [0x28, { bytes: 4, signed: true, type: 'i32' }],
  [0x29, { bytes: 8, signed: true, type: 'i64' }],
  [0x2c, { bytes: 1, signed: true, type: 'i32' }],
  [0x2d, { bytes: 1, signed: false, type: 'i32' }],
  [0x2e, { bytes: 2, signed: true, type: 'i32' }],
  [0x2f, { bytes: 2, signed: false, type: 'i32' }],
  [0x30, { bytes: 1, signed: true, type: 'i64' }],
  [0x31, { bytes: 1, signed: false, type: 'i64' }],
  [0x32, { bytes: 2, signed: true, type: 'i64' }],
  [0x33, { bytes: 2, signed: false, type: 'i64' }],
  [0x34, { bytes: 4, signed: true, type: 'i64' }],
  [0x35, { bytes: 4, signed: false, type: 'i64' }],
]);

/** Bytes that each integer store writes, by opcode. */
export const storeOpcodes: ReadonlyMap<number, 1 | 2 | 4 | 8> = new Map<number, 1 | 2 | 4 | 8>([
  [0x36, 4],
  [0x37, 8],
  [0x3a, 1],
  [0x3b, 2],
  [0x3c, 1],
  [0x3d, 2],
  [0x3e, 4],
]);

/** True for opcodes of floating-point instructions, for the error that names the reason. */
export function isFloatOpcode(opcode: number): boolean {
  return (
    opcode === 0x2a ||
    opcode === 0x2b ||
    opcode === 0x38 ||
    opcode === 0x39 ||
    opcode === 0x43 ||
    opcode === 0x44 ||
    (opcode >= 0x5b && opcode <= 0x66) ||
    (opcode >= 0x8b && opcode <= 0xbf && opcode !== 0xa7 && opcode !== 0xac && opcode !== 0xad)
  );
}
