import { CompileError } from '../diagnostics/compile-error.ts';
import { assemblyScript, type Diagnostic, type Program } from './assemblyscript.ts';

function toError({ message, range }: Diagnostic): CompileError {
  if (!range) return new CompileError(message);
  const { source, start } = range;
  const line = source.lineAt(start);
  return new CompileError(message, {
    file: source.normalizedPath,
    line,
    column: source.columnAt(),
  });
}

/** Throws the errors that the compiler has to report as one, each on a line with its place. */
export function checkDiagnostics(program: Program): void {
  const errors: CompileError[] = [];
  for (;;) {
    const diagnostic = assemblyScript.nextDiagnostic(program);
    if (!diagnostic) break;
    if (assemblyScript.isError(diagnostic)) errors.push(toError(diagnostic));
  }
  const [first] = errors;
  if (!first) return;
  if (errors.length === 1) throw first;
  throw new CompileError(errors.map((error) => error.message).join('\n'));
}
