import fc from 'fast-check';

/**
 * A piece of a program: a line of assembly text, or pieces in order. A scope gives its own lines, and not those of scopes
 * within it, a number in place of `@`, so that its labels are its own.
 */
export type Item = string | readonly Item[] | { readonly scope: readonly Item[] };

/** The lines of an item, with scopes numbered by `next`. */
export function render(item: Item, next: () => number, scope = ''): readonly string[] {
  if (typeof item === 'string') return [item.replaceAll('@', scope)];
  if ('scope' in item) {
    const number = String(next());
    return item.scope.flatMap((part) => render(part, next, number));
  }
  return item.flatMap((part) => render(part, next, scope));
}

/** One of several arbitraries, each with how often it is chosen. */
export function weighted(
  ...choices: readonly (readonly [weight: number, arbitrary: fc.Arbitrary<Item>])[]
): fc.Arbitrary<Item> {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}
