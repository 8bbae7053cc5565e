import type { ByteReader } from './byte-reader.ts';
import type { ValueType } from './expression.ts';
import type { FunctionType, ImportedFunction } from './module.ts';

/** What is known of a module while the code section is read. */
export interface ModuleHeader {
  readonly types: readonly (FunctionType | undefined)[];
  readonly imports: readonly ImportedFunction[];
  /** Type indices of the defined functions. */
  readonly signatures: readonly number[];
  readonly globalTypes: readonly ValueType[];
}

/** Reads a value type; undefined for floats, vectors and references. */
export function readValueType(reader: ByteReader): ValueType | undefined {
  const code = reader.byte();
  return code === 0x7f ? 'i32' : code === 0x7e ? 'i64' : undefined;
}
