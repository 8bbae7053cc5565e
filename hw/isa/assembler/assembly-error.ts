import type { Position } from './scanner.ts';

/** Something in an assembly text that cannot be assembled; the message begins with `line:column`. */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
  readonly line: number;
  readonly column: number;

  constructor({ line, column }: Position, message: string) {
    super(`${String(line)}:${String(column)}: ${message}`);
    this.line = line;
    this.column = column;
  }
}

/** Number of insertions, deletions and replacements that turn one word into another. */
function distance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of Array.from(from).entries()) {
    const current = [row + 1];
    for (const [column, other] of Array.from(to).entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      const inserted = (current[column] ?? 0) + 1;
      const deleted = (previous[column + 1] ?? 0) + 1;
      current.push(Math.min(replaced, inserted, deleted));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}

/** Names a thing that does not exist and, if one is close, a thing that does. */
export function unknownName(what: string, name: string, known: Iterable<string>): string {
  let best: string | undefined;
  let least = Math.floor(name.length / 2) + 1;
  for (const candidate of known) {
    const changes = distance(name, candidate);
    if (changes < least) [best, least] = [candidate, changes];
  }
  return `unknown ${what} '${name}'${best === undefined ? '' : `; did you mean '${best}'?`}`;
}
