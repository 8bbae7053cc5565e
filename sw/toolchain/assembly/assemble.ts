import type { AssemblyFunction, SourceFacts } from './assembly-function.ts';
import type { CodeBuilder } from './code-builder.ts';
import { instructionMethods } from './instruction-methods.ts';
import { LabelNames, pseudoInstructions } from './pseudo-instructions.ts';
import { CompileError } from '../diagnostics/compile-error.ts';

/** Writes an assembly function into the code stream. */
export function assembleFunction(
  { name, alignment, body }: AssemblyFunction,
  code: CodeBuilder,
  facts: SourceFacts,
): void {
  const labels = new LabelNames(code);
  const assembler = {
    ...instructionMethods(code, labels.nameOf),
    ...pseudoInstructions(code, labels),
  };
  code.beginFunction(name, alignment);
  try {
    body(assembler, facts);
    labels.checkAllPlaced();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CompileError(`assembly function ${name}: ${reason}`, undefined, { cause: error });
  }
  code.endFunction(name);
}
