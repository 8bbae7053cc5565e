/** Value types that the code generator knows; floats and references are refused by the reader. */
export type ValueType = 'i32' | 'i64';

/** A structured control construct that branches may leave (block, if) or repeat (loop). */
export interface WasmLabel {
  readonly kind: 'block' | 'loop' | 'if' | 'function';
  readonly type: ValueType | undefined;
}

/** Operators of one operand; the width is that of the operand. */
export type UnaryOperator =
  | 'clz'
  | 'ctz'
  | 'popcnt'
  | 'eqz'
  | 'wrap'
  | 'extendSigned32'
  | 'extendUnsigned32'
  | 'extend8'
  | 'extend16'
  | 'extend32';

/** Comparison operators; the result is an i32 that is 0 or 1. */
export type ComparisonOperator =
  'eq' | 'ne' | 'ltS' | 'ltU' | 'gtS' | 'gtU' | 'leS' | 'leU' | 'geS' | 'geU';

/** Operators of two operands; the width is that of the operands. */
export type BinaryOperator =
  | ComparisonOperator
  | 'add'
  | 'sub'
  | 'mul'
  | 'divS'
  | 'divU'
  | 'remS'
  | 'remU'
  | 'and'
  | 'or'
  | 'xor'
  | 'shl'
  | 'shrS'
  | 'shrU'
  | 'rotl'
  | 'rotr';

type Node<Kind extends string, Fields> = {
  readonly kind: Kind;
  /** Byte offset in the binary, the key into the source map. */
  readonly at: number;
} & Readonly<Fields>;

/** An integer constant; the value is signed. */
export type Constant = Node<'constant', { type: ValueType; value: bigint }>;
/** Reads a local. */
export type LocalGet = Node<'localGet', { type: ValueType; index: number }>;
/** Writes a local. */
export type LocalSet = Node<'localSet', { type: undefined; index: number; value: Expression }>;
/** Writes a local and yields the value. */
export type LocalTee = Node<'localTee', { type: ValueType; index: number; value: Expression }>;
/** Reads a global. */
export type GlobalGet = Node<'globalGet', { type: ValueType; index: number }>;
/** Writes a global. */
export type GlobalSet = Node<'globalSet', { type: undefined; index: number; value: Expression }>;
/** Reads memory at an address plus a constant offset. */
export type Load = Node<
  'load',
  {
    type: ValueType;
    bytes: 1 | 2 | 4 | 8;
    signed: boolean;
    address: Expression;
    offset: bigint;
  }
>;
/** Writes the low bytes of a value to memory. */
export type Store = Node<
  'store',
  { type: undefined; bytes: 1 | 2 | 4 | 8; address: Expression; value: Expression; offset: bigint }
>;
/** An operator of one operand. */
export type Unary = Node<
  'unary',
  { type: ValueType; operator: UnaryOperator; width: 32 | 64; value: Expression }
>;
/** An operator of two operands. */
export type Binary = Node<
  'binary',
  {
    type: ValueType;
    operator: BinaryOperator;
    width: 32 | 64;
    left: Expression;
    right: Expression;
  }
>;
/** One of two values; both are evaluated, then the condition. */
export type Select = Node<
  'select',
  { type: ValueType; condition: Expression; whenTrue: Expression; whenFalse: Expression }
>;
/** Calls a function by its index. */
export type Call = Node<
  'call',
  { type: ValueType | undefined; callee: number; operands: readonly Expression[] }
>;
/** Calls the function that the table has at a selector. */
export type CallIndirect = Node<
  'callIndirect',
  { type: ValueType | undefined; selector: Expression; operands: readonly Expression[] }
>;
/** Statements that branches to the label leave. */
export type Block = Node<
  'block',
  { type: ValueType | undefined; label: WasmLabel; body: readonly Expression[] }
>;
/** Statements that branches to the label begin again. */
export type Loop = Node<
  'loop',
  { type: ValueType | undefined; label: WasmLabel; body: readonly Expression[] }
>;
/** One of two lists of statements; branches to the label leave it. */
export type If = Node<
  'if',
  {
    type: ValueType | undefined;
    label: WasmLabel;
    condition: Expression;
    whenTrue: readonly Expression[];
    whenFalse: readonly Expression[];
  }
>;
/** Goes to a label, always or on a condition. */
export type Branch = Node<
  'branch',
  {
    type: ValueType | undefined;
    label: WasmLabel;
    condition: Expression | undefined;
    value: Expression | undefined;
  }
>;
/** Goes to the label that a selector picks. */
export type Switch = Node<
  'switch',
  {
    type: undefined;
    labels: readonly WasmLabel[];
    otherwise: WasmLabel;
    selector: Expression;
    value: Expression | undefined;
  }
>;
/** Leaves the function. */
export type Return = Node<'return', { type: undefined; value: Expression | undefined }>;
/** A place that is never reached. */
export type Unreachable = Node<'unreachable', { type: undefined }>;
/** Evaluates an expression for its effects. */
export type Drop = Node<'drop', { type: undefined; value: Expression }>;

/** One WebAssembly instruction with its operands, as a tree; `type` is what it leaves on the stack. */
export type Expression =
  | Constant
  | LocalGet
  | LocalSet
  | LocalTee
  | GlobalGet
  | GlobalSet
  | Load
  | Store
  | Unary
  | Binary
  | Select
  | Call
  | CallIndirect
  | Block
  | Loop
  | If
  | Branch
  | Switch
  | Return
  | Unreachable
  | Drop;

/** The operands of an expression in evaluation order. */
export function operandsOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'constant':
    case 'localGet':
    case 'globalGet':
    case 'unreachable':
      return [];
    case 'localSet':
    case 'localTee':
    case 'globalSet':
    case 'unary':
    case 'drop':
      return [e.value];
    case 'return':
      return e.value ? [e.value] : [];
    case 'load':
      return [e.address];
    case 'store':
      return [e.address, e.value];
    case 'binary':
      return [e.left, e.right];
    case 'select':
      return [e.whenTrue, e.whenFalse, e.condition];
    case 'call':
      return e.operands;
    case 'callIndirect':
      return [...e.operands, e.selector];
    case 'block':
    case 'loop':
      return e.body;
    case 'if':
      return [e.condition, ...e.whenTrue, ...e.whenFalse];
    case 'branch':
      return [...(e.value ? [e.value] : []), ...(e.condition ? [e.condition] : [])];
    case 'switch':
      return [...(e.value ? [e.value] : []), e.selector];
  }
}

/** True for the operators whose result is a truth value. */
export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return /^(eq|ne|[lg][te][SU])$/.test(operator);
}
