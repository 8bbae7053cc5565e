import type { MacroAssembler } from './macro-assembler.ts';

/** What an assembly function may ask of the AssemblyScript sources it is linked with. */
export interface SourceFacts {
  /** Byte offset of a field in an `@unmanaged` class, as the AssemblyScript compiler laid it out. */
  readonly offsetOf: (className: string, field: string) => number;
  /** Size in bytes of an `@unmanaged` class. */
  readonly sizeOf: (className: string) => number;
  /** Value of an `export const` integer; `file/NAME` tells apart equal names. */
  readonly constant: (name: string) => bigint;
}

/** A function written in the macro assembler; AssemblyScript declares and calls it by its name. */
export interface AssemblyFunction {
  readonly name: string;
  /** Alignment of the entry in bytes, e.g. of a trap vector. */
  readonly alignment: number;
  readonly body: (a: MacroAssembler, facts: SourceFacts) => void;
}

/**
 * Defines a function in machine instructions: trap vectors, world switch, context switch, reset.
 *
 *     export const yieldTo = defineAssembly('yield_to', (a, { offsetOf }) => {
 *       a.sd(sp, offsetOf('Thread', 'sp'), a0);
 *       a.ld(sp, offsetOf('Thread', 'sp'), a1);
 *       a.ret();
 *     });
 */
export function defineAssembly(
  name: string,
  body: AssemblyFunction['body'],
  options: { readonly alignment?: number } = {},
): AssemblyFunction {
  return { name, alignment: options.alignment ?? 4, body };
}
