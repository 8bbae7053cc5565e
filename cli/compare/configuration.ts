/** A value that two platforms do not share. */
export interface ConfigurationDifference {
  readonly path: string;
  /** Null where a platform has none. */
  readonly a: string | null;
  readonly b: string | null;
}

/** In what two resolved configurations differ; in nothing if one is not known. */
export function configurationDifferences(
  a: string | undefined,
  b: string | undefined,
): readonly ConfigurationDifference[] {
  if (a === undefined || b === undefined) return [];
  const [one, other] = [valuesOf(a), valuesOf(b)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((path) => {
    const [before, after] = [one.get(path) ?? null, other.get(path) ?? null];
    return before === after ? [] : [{ path, a: before, b: after }];
  });
}

/** The values of a file as `resolvedText` writes it: one name a line, its origin behind a #. */
function valuesOf(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const path: string[] = [];
  for (const line of text.split('\n')) {
    const [, indent = '', name = '', value] =
      /^( *)("[^"]*"|[^:]+):(?: (.*?))?(?: #.*)?$/.exec(line) ?? [];
    if (name === '') continue;
    path.length = indent.length / 2;
    path.push(name);
    const place = path.join('.');
    // Of a number of the timing model, what it is based on goes with it.
    const isTiming = place.startsWith('harts.timing.');
    if (value === undefined || (isTiming && /\.(unit|source)$/.test(place))) continue;
    values.set(isTiming ? place.replace(/\.value$/, '') : place, value);
  }
  return values;
}
