import type { Binary, BinaryOp, Decoded, I32, I64, Local, Unary, UnaryOp } from '../isa/index.ts';
import type { HartState } from './hart-state.ts';
import {
  binary32,
  binary64,
  compare64,
  narrow,
  unary32,
  unary64,
  widen,
} from './oracle-operations.ts';

/** Computes a 64-bit value, 0 to 2^64 - 1, for an instruction of a hart. */
export type Evaluate64 = (decoded: Decoded, state: HartState) => bigint;

/** Computes a 32-bit value, -2^31 to 2^31 - 1, for an instruction of a hart. */
export type Evaluate32 = (decoded: Decoded, state: HartState) => number;

/** A value that an instruction computes once; instructions never nest, so one cell per row is enough. */
interface Cell<V> {
  value: V;
}

/** Turns the expressions of one row into closures; the cells of its locals are shared between them. */
export class ExpressionCompiler {
  readonly #cells64 = new Map<Local, Cell<bigint>>();
  readonly #cells32 = new Map<Local, Cell<number>>();

  /** The cell of a 64-bit local, for whoever gives it its value. */
  cell64(local: Local): Cell<bigint> {
    return cellIn(this.#cells64, local, 0n);
  }

  /** Compiles an expression of 64 bits. */
  i64(node: I64): Evaluate64 {
    switch (node.kind) {
      case 'constant': {
        const { value } = node;
        return () => value;
      }
      case 'register':
        return node.operand === 'rs1'
          ? (decoded, state) => state.x[decoded.rs1] ?? 0n
          : (decoded, state) => state.x[decoded.rs2] ?? 0n;
      case 'floatRegister': {
        const { operand } = node;
        return (decoded, state) => state.f[decoded[operand]] ?? 0n;
      }
      case 'immediate':
        return (decoded) => decoded.immBits;
      case 'pc':
        return (_decoded, state) => state.pc;
      case 'nextPc':
        return ({ length }, state) => BigInt.asUintN(64, state.pc + BigInt(length));
      case 'local': {
        const cell = this.cell64(node);
        return () => cell.value;
      }
      case 'unary':
        return this.#unary64(node);
      case 'binary':
        return this.#binary64(node);
      case 'select':
      case 'if': {
        const condition = this.i32(node.condition);
        const whenTrue = this.i64(node.whenTrue as I64);
        const whenFalse = this.i64(node.whenFalse as I64);
        return (decoded, state) =>
          (condition(decoded, state) !== 0 ? whenTrue : whenFalse)(decoded, state);
      }
      case 'let': {
        const bind = this.#bind(node.local, node.value);
        const body = this.i64(node.body as I64);
        return (decoded, state) => {
          bind(decoded, state);
          return body(decoded, state);
        };
      }
    }
  }

  /** Compiles an expression of 32 bits. */
  i32(node: I32): Evaluate32 {
    switch (node.kind) {
      case 'constant': {
        const { value } = node;
        return () => value;
      }
      case 'local': {
        const cell = cellIn(this.#cells32, node, 0);
        return () => cell.value;
      }
      case 'unary':
        return this.#unary32(node);
      case 'binary':
        return this.#binary32(node);
      case 'select':
      case 'if': {
        const condition = this.i32(node.condition);
        const whenTrue = this.i32(node.whenTrue as I32);
        const whenFalse = this.i32(node.whenFalse as I32);
        return (decoded, state) =>
          (condition(decoded, state) !== 0 ? whenTrue : whenFalse)(decoded, state);
      }
      case 'let': {
        const bind = this.#bind(node.local, node.value);
        const body = this.i32(node.body as I32);
        return (decoded, state) => {
          bind(decoded, state);
          return body(decoded, state);
        };
      }
    }
  }

  #bind(local: Local, value: I64 | I32): (decoded: Decoded, state: HartState) => void {
    if (value.type === 'i64') {
      const cell = this.cell64(local);
      const evaluate = this.i64(value);
      return (decoded, state) => {
        cell.value = evaluate(decoded, state);
      };
    }
    const cell = cellIn(this.#cells32, local, 0);
    const evaluate = this.i32(value);
    return (decoded, state) => {
      cell.value = evaluate(decoded, state);
    };
  }

  #unary64({ op, operand }: Unary<'i64'>): Evaluate64 {
    if (has(widen, op)) {
      const operation = widen[op];
      const value = this.i32(operand as I32);
      return (decoded, state) => operation(value(decoded, state));
    }
    const operation = known(unary64, op);
    const value = this.i64(operand as I64);
    return (decoded, state) => operation(value(decoded, state));
  }

  #unary32({ op, operand }: Unary<'i32'>): Evaluate32 {
    if (has(narrow, op)) {
      const operation = narrow[op];
      const value = this.i64(operand as I64);
      return (decoded, state) => operation(value(decoded, state));
    }
    const operation = known(unary32, op);
    const value = this.i32(operand as I32);
    return (decoded, state) => operation(value(decoded, state));
  }

  #binary64(node: Binary<'i64'>): Evaluate64 {
    const operation = known(binary64, node.op);
    const left = this.i64(node.left as I64);
    const right = this.i64(node.right as I64);
    return (decoded, state) => operation(left(decoded, state), right(decoded, state));
  }

  #binary32(node: Binary<'i32'>): Evaluate32 {
    if (has(compare64, node.op)) {
      const operation = compare64[node.op];
      const left = this.i64(node.left as I64);
      const right = this.i64(node.right as I64);
      return (decoded, state) => operation(left(decoded, state), right(decoded, state));
    }
    const operation = known(binary32, node.op);
    const left = this.i32(node.left as I32);
    const right = this.i32(node.right as I32);
    return (decoded, state) => operation(left(decoded, state), right(decoded, state));
  }
}

function cellIn<V>(cells: Map<Local, Cell<V>>, local: Local, initial: V): Cell<V> {
  let cell = cells.get(local);
  if (cell === undefined) {
    cell = { value: initial };
    cells.set(local, cell);
  }
  return cell;
}

function has<T extends object>(
  table: T,
  op: BinaryOp | UnaryOp,
): op is keyof T & (BinaryOp | UnaryOp) {
  return op in table;
}

function known<T extends object>(table: T, op: BinaryOp | UnaryOp): T[keyof T] {
  if (!has(table, op)) throw new Error(`the oracle has no operation '${op}' of this type`);
  return table[op];
}
