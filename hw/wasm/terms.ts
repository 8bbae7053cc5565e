import type { BinaryOp, UnaryOp } from '../isa/index.ts';
import type { Code, Label } from './code.ts';
import type { FloatOp, LoadOp, StoreOp, WasmType } from './opcodes.ts';

/** Puts a value on the stack. */
export type Term = () => void;

/** Writes a function in terms and statements where single instructions would be hard to read. */
export class Terms {
  readonly code: Code;

  constructor(code: Code) {
    this.code = code;
  }

  readonly get = (local: number): Term => {
    return () => {
      this.code.get(local);
    };
  };

  readonly i32 = (value: number): Term => {
    return () => {
      this.code.i32(value);
    };
  };

  readonly i64 = (value: bigint): Term => {
    return () => {
      this.code.i64(value);
    };
  };

  readonly f64 = (value: number): Term => {
    return () => {
      this.code.f64(value);
    };
  };

  readonly op = (name: BinaryOp | UnaryOp, ...operands: readonly Term[]): Term => {
    return () => {
      for (const operand of operands) operand();
      this.code.op(name);
    };
  };

  readonly float = (name: FloatOp, ...operands: readonly Term[]): Term => {
    return () => {
      for (const operand of operands) operand();
      this.code.float(name);
    };
  };

  readonly load = (name: LoadOp, address: Term, offset = 0): Term => {
    return () => {
      address();
      this.code.load(name, offset);
    };
  };

  readonly call = (number: number, ...operands: readonly Term[]): Term => {
    return () => {
      for (const operand of operands) operand();
      this.code.call(number);
    };
  };

  /** One of two values, which are both worked out. */
  readonly select = (condition: Term, whenTrue: Term, whenFalse: Term): Term => {
    return () => {
      whenTrue();
      whenFalse();
      condition();
      this.code.select();
    };
  };

  /** A new local that holds a value. */
  readonly fix = (type: WasmType, value: Term): Term => {
    const local = this.code.local(type);
    this.set(local, value);
    return this.get(local);
  };

  readonly set = (local: number, value: Term): void => {
    value();
    this.code.set(local);
  };

  readonly store = (name: StoreOp, address: Term, value: Term, offset = 0): void => {
    address();
    value();
    this.code.store(name, offset);
  };

  readonly if = (condition: Term, whenTrue: () => void, whenFalse?: () => void): void => {
    condition();
    this.code.if();
    whenTrue();
    if (whenFalse !== undefined) {
      this.code.else();
      whenFalse();
    }
    this.code.end();
  };

  /** Goes to a label where a condition holds. */
  readonly branchIf = (label: Label, condition: Term): void => {
    condition();
    this.code.branchIf(label);
  };

  readonly return = (value: Term): void => {
    value();
    this.code.return();
  };
}
