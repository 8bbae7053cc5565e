import type { SourceLocation } from '../diagnostics/compile-error.ts';
import type { Expression, ValueType } from './expression.ts';

/** Parameter and result types of a function; at most one result. */
export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly result: ValueType | undefined;
}

/** A function that the binary takes from outside: an intrinsic or an assembly function. */
export interface ImportedFunction {
  readonly kind: 'imported';
  readonly module: string;
  readonly name: string;
  readonly type: FunctionType;
}

/** A function with a body. */
export interface DefinedFunction {
  readonly kind: 'defined';
  /** Path and name, as in `duvisor/vcpu/run`. */
  readonly name: string;
  readonly type: FunctionType;
  readonly locals: readonly ValueType[];
  readonly body: readonly Expression[];
  /** Byte offset of the body, for messages about the whole function. */
  readonly at: number;
}

/** A global variable; a constant one is folded into the code that reads it. */
export interface WasmGlobal {
  readonly name: string;
  readonly type: ValueType;
  readonly isMutable: boolean;
  readonly value: bigint;
}

/** A WebAssembly module as the code generator reads it. */
export interface WasmModule {
  readonly functions: readonly (ImportedFunction | DefinedFunction)[];
  readonly globals: readonly WasmGlobal[];
  /** Function indices of the table that indirect calls go through. */
  readonly table: readonly (number | undefined)[];
  readonly start: number | undefined;
  readonly locationAt: (offset: number) => SourceLocation | undefined;
}
