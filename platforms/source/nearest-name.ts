/** Number of single-character edits, and swaps of neighbours, that turn one word into the other. */
export function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1];
      let best = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        best = Math.min(best, (beforePrevious[j - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[to.length] ?? 0;
}

/** The valid name that was probably meant, or undefined if none is close. */
export function nearestName(name: string, valid: Iterable<string>): string | undefined {
  const wanted = fold(name);
  let best: { name: string; distance: number } | undefined;
  for (const candidate of valid) {
    const folded = fold(candidate);
    const isPrefix = wanted.length >= 3 && folded.startsWith(wanted);
    const distance = isPrefix ? 1 : editDistance(wanted, folded);
    if (best === undefined || distance < best.distance) best = { name: candidate, distance };
  }
  if (best === undefined) return undefined;
  return best.distance <= Math.max(1, Math.floor(name.length / 3)) ? best.name : undefined;
}

/** A phrase for the label of an unknown name: the nearest valid one, or else the whole list. */
export function suggestName(name: string, valid: readonly string[]): string {
  const nearest = nearestName(name, valid);
  if (nearest !== undefined) return `did you mean '${nearest}'?`;
  return valid.length === 0 ? 'none is valid here' : `expected one of: ${valid.join(', ')}`;
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, '');
}
