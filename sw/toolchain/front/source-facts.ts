import type { SourceFacts } from '../assembly/assembly-function.ts';
import { assemblyScript, type ClassElement, type Program } from './assemblyscript.ts';
import { CompileError } from '../diagnostics/compile-error.ts';

/** The only entry whose path ends with a name, or an error that lists what was found. */
function uniqueEnding<T>(entries: ReadonlyMap<string, T>, name: string, what: string): T {
  const exact = entries.get(name);
  if (exact !== undefined) return exact;
  const found = [...entries].filter(([path]) => path.endsWith(`/${name}`));
  const [first] = found;
  if (first && found.length === 1) return first[1];
  if (found.length === 0) throw new CompileError(`there is no ${what} ${name} in the sources`);
  throw new CompileError(`${what} ${name} is ambiguous: ${found.map(([path]) => path).join(', ')}`);
}

function classesOf(program: Program): ReadonlyMap<string, { readonly kind: number }> {
  const { ClassPrototype } = assemblyScript.ElementKind;
  const classes = [...program.elementsByName].filter(
    ([path, element]) => element.kind === ClassPrototype && !path.startsWith('~lib/'),
  );
  return new Map(classes);
}

/** Answers assembly functions' questions with the compiler's own layout and constants. */
export function sourceFactsOf(
  program: Program,
  constants: ReadonlyMap<string, bigint>,
): SourceFacts {
  const classes = classesOf(program);
  const layoutOf = (name: string): ClassElement => {
    const element = program.resolver.resolveClass(uniqueEnding(classes, name, 'class'), null);
    if (!element) throw new CompileError(`class ${name} cannot be laid out`);
    return element;
  };
  return {
    offsetOf: (className, field) => {
      const property = layoutOf(className).members?.get(field)?.instance;
      if (property?.isField !== true)
        throw new CompileError(`class ${className} has no field ${field}`);
      return property.memoryOffset;
    },
    sizeOf: (className) => layoutOf(className).nextMemoryOffset,
    constant: (name) => uniqueEnding(constants, name, 'constant'),
  };
}
