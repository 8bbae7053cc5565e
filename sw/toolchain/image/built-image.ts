import type { FunctionRange, LineEntry } from '../link/layout.ts';

/** An image as an executable file, and what tools want to know about it. */
export interface BuiltImage {
  readonly name: string;
  readonly elf: Uint8Array;
  readonly entry: bigint;
  /** Addresses of all symbols, in order of address. */
  readonly symbols: ReadonlyMap<string, bigint>;
  readonly functions: readonly FunctionRange[];
  /** First instruction of every source line, in order of address. */
  readonly lines: readonly LineEntry[];
  /** Bytes of the parts. */
  readonly sizes: {
    readonly code: number;
    readonly readOnlyData: number;
    readonly data: number;
    readonly zeroed: number;
  };
}
