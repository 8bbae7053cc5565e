import type { SourceLocation } from '../diagnostics/compile-error.ts';

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

interface Mapping {
  readonly offset: number;
  readonly location: SourceLocation | undefined;
}

function decodeFields(segment: string): number[] {
  const fields: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = digits.indexOf(character);
    value += (digit & 31) * 2 ** shift;
    shift += 5;
    if (digit & 32) continue;
    fields.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return fields;
}

/** Says which source line a byte of a WebAssembly binary came from (ECMA-426, one generated line, columns are byte offsets). */
export class SourceMap {
  readonly #mappings: readonly Mapping[];

  constructor(text: string) {
    const map = JSON.parse(text) as { readonly sources: string[]; readonly mappings: string };
    const mappings: Mapping[] = [];
    let offset = 0;
    let source = 0;
    let line = 0;
    let column = 0;
    for (const segment of map.mappings.split(',')) {
      const [toOffset, toSource, toLine, toColumn] = decodeFields(segment);
      if (toOffset === undefined) continue;
      offset += toOffset;
      if (toSource === undefined) {
        mappings.push({ offset, location: undefined });
        continue;
      }
      source += toSource;
      line += toLine ?? 0;
      column += toColumn ?? 0;
      const file = map.sources[source] ?? '';
      mappings.push({ offset, location: { file, line: line + 1, column: column + 1 } });
    }
    this.#mappings = mappings;
  }

  /** The source of the instruction at a byte offset, if it is known from a mapping behind `start`. */
  locationAt(offset: number, start: number): SourceLocation | undefined {
    const index = countUpTo(
      this.#mappings.length,
      (k) => (this.#mappings[k]?.offset ?? 0) <= offset,
    );
    const mapping = this.#mappings[index - 1];
    return mapping && mapping.offset >= start ? mapping.location : undefined;
  }
}

/** How many of the first items satisfy a condition that holds up to some point and not after it. */
export function countUpTo(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
