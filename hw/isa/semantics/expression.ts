/**
 * Pure expressions over 64-bit and 32-bit integers. An operation carries the name of the one WebAssembly instruction that
 * computes it, so an engine emits a tree by walking it; nothing here can touch memory, raise a trap or write a register.
 */

/** A 64-bit value known when the row is written. */
export interface I64Constant {
  readonly type: 'i64';
  readonly kind: 'constant';
  readonly value: bigint;
}

/** A 32-bit value known when the row is written. */
export interface I32Constant {
  readonly type: 'i32';
  readonly kind: 'constant';
  readonly value: number;
}

/** The value of the integer register that an operand of the instruction names. */
export interface SourceRegister {
  readonly type: 'i64';
  readonly kind: 'register';
  readonly operand: 'rs1' | 'rs2';
}

/** The 64 bits of the floating-point register that an operand of the instruction names. */
export interface SourceFloatRegister {
  readonly type: 'i64';
  readonly kind: 'floatRegister';
  readonly operand: 'frs1' | 'frs2' | 'frs3';
}

/** The value of an immediate operand, already extended to 64 bits by the decoder. */
export interface Immediate {
  readonly type: 'i64';
  readonly kind: 'immediate';
}

/** The address of the instruction, or of the one that follows it in memory. */
interface ProgramCounter {
  readonly type: 'i64';
  readonly kind: 'pc' | 'nextPc';
}

/** A value that was computed once and is used by name; the object itself is the name. */
export interface Local<T extends ValueType = ValueType> {
  readonly type: T;
  readonly kind: 'local';
}

/** An operation on one operand; `op` is the WebAssembly instruction. */
export interface Unary<T extends ValueType = ValueType> {
  readonly type: T;
  readonly kind: 'unary';
  readonly op: UnaryOp;
  readonly operand: Expression;
}

/** An operation on two operands; `op` is the WebAssembly instruction. */
export interface Binary<T extends ValueType = ValueType> {
  readonly type: T;
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly left: Expression;
  readonly right: Expression;
}

/** Either of two values; both are computed (`select`), or only the one that is needed (`if`). */
interface Conditional<T extends ValueType = ValueType> {
  readonly type: T;
  readonly kind: 'select' | 'if';
  readonly condition: I32;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
}

/** Computes `value` once and makes it available to `body` as `local`. */
interface Let<T extends ValueType = ValueType> {
  readonly type: T;
  readonly kind: 'let';
  readonly local: Local;
  readonly value: Expression;
  readonly body: Expression;
}

/** The two value types that instruction semantics need. */
export type ValueType = 'i32' | 'i64';

type Compound<T extends ValueType> = Local<T> | Unary<T> | Binary<T> | Conditional<T> | Let<T>;

/** An expression of 64 bits. */
export type I64 =
  I64Constant | SourceRegister | SourceFloatRegister | Immediate | ProgramCounter | Compound<'i64'>;

/** An expression of 32 bits; conditions are 0 or 1 of this type. */
export type I32 = I32Constant | Compound<'i32'>;

/** An expression of either type. */
export type Expression = I64 | I32;

const arithmetic = [
  'add',
  'sub',
  'mul',
  'div_s',
  'div_u',
  'rem_s',
  'rem_u',
  'and',
  'or',
  'xor',
  'shl',
  'shr_s',
  'shr_u',
  'rotl',
  'rotr',
] as const;
const comparisons = [
  'eq',
  'ne',
  'lt_s',
  'lt_u',
  'gt_s',
  'gt_u',
  'le_s',
  'le_u',
  'ge_s',
  'ge_u',
] as const;
const counts = ['clz', 'ctz', 'popcnt', 'extend8_s', 'extend16_s'] as const;

type Arithmetic = (typeof arithmetic)[number];
type Comparison = (typeof comparisons)[number];
type Count = (typeof counts)[number];

/** Every operation on two operands. Shift amounts are taken modulo the width; division by zero and overflow must be guarded. */
export type BinaryOp = `${ValueType}.${Arithmetic | Comparison}`;

/** Every operation on one operand. */
export type UnaryOp =
  | `${ValueType}.${Count | 'eqz'}`
  | 'i64.extend32_s'
  | 'i64.extend_i32_s'
  | 'i64.extend_i32_u'
  | 'i32.wrap_i64';

type Operations<T extends ValueType, V extends Expression> = Record<
  Arithmetic,
  (left: V, right: V) => Binary<T>
> &
  Record<Comparison, (left: V, right: V) => Binary<'i32'>> &
  Record<Count, (operand: V) => Unary<T>> &
  Record<'eqz', (operand: V) => Unary<'i32'>>;

function unary<T extends ValueType>(type: T, op: UnaryOp) {
  return (operand: Expression): Unary<T> => ({ type, kind: 'unary', op, operand });
}

function binary<T extends ValueType>(type: T, op: BinaryOp) {
  return (left: Expression, right: Expression): Binary<T> => ({
    type,
    kind: 'binary',
    op,
    left,
    right,
  });
}

function operationsOf<T extends ValueType, V extends Expression>(type: T): Operations<T, V> {
  const entries = [
    ...arithmetic.map((name) => [name, binary(type, `${type}.${name}`)] as const),
    ...comparisons.map((name) => [name, binary('i32', `${type}.${name}`)] as const),
    ...counts.map((name) => [name, unary(type, `${type}.${name}`)] as const),
    ['eqz', unary('i32', `${type}.eqz`)] as const,
  ];
  return Object.fromEntries(entries) as Operations<T, V>;
}

/** Constructors of 64-bit operations, named as WebAssembly names them. */
export const i64 = {
  ...operationsOf<'i64', I64>('i64'),
  const: (value: bigint): I64Constant => ({
    type: 'i64',
    kind: 'constant',
    value: BigInt.asUintN(64, value),
  }),
  extend32_s: unary('i64', 'i64.extend32_s') as (operand: I64) => Unary<'i64'>,
  extend_i32_s: unary('i64', 'i64.extend_i32_s') as (operand: I32) => Unary<'i64'>,
  extend_i32_u: unary('i64', 'i64.extend_i32_u') as (operand: I32) => Unary<'i64'>,
};

/** Constructors of 32-bit operations, named as WebAssembly names them. */
export const i32 = {
  ...operationsOf<'i32', I32>('i32'),
  const: (value: number): I32Constant => ({ type: 'i32', kind: 'constant', value: value | 0 }),
  wrap_i64: unary('i32', 'i32.wrap_i64') as (operand: I64) => Unary<'i32'>,
};

/** Picks one of two 64-bit values after computing both. */
export function select(condition: I32, whenTrue: I64, whenFalse: I64): I64 {
  return { type: 'i64', kind: 'select', condition, whenTrue, whenFalse };
}

/** Computes one of two values and not the other, as a division needs that would trap on some operands. */
export function choose(condition: I32, whenTrue: I64, whenFalse: I64): I64;
export function choose(condition: I32, whenTrue: I32, whenFalse: I32): I32;
export function choose(condition: I32, whenTrue: Expression, whenFalse: Expression): Expression {
  return { type: whenTrue.type, kind: 'if', condition, whenTrue, whenFalse };
}

/** Computes a 64-bit value once for an expression that uses it more than once. */
export function letI64(value: I64, body: (local: Local<'i64'>) => I64): I64 {
  const local: Local<'i64'> = { type: 'i64', kind: 'local' };
  return { type: 'i64', kind: 'let', local, value, body: body(local) };
}
