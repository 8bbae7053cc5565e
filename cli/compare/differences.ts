/** A number of two runs. */
export interface Difference {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  /** `b - a`. */
  readonly difference: number;
}

/** A number of cycles of two runs, and how often something happened that took them, where that is known. */
export interface CycleDifference extends Difference {
  readonly timesA: number | null;
  readonly timesB: number | null;
}

/** Cycles, and how often, by name. */
export type Counted = ReadonlyMap<
  string,
  { readonly cycles: number; readonly times: number | null }
>;

/** What differs between two runs in cycles or occurrences, the largest difference first. */
export function cycleDifferences(a: Counted, b: Counted): readonly CycleDifference[] {
  const nothing = { cycles: 0, times: 0 };
  const all = [...new Set([...a.keys(), ...b.keys()])].map((name) => {
    const [one, other] = [a.get(name) ?? nothing, b.get(name) ?? nothing];
    const isKnown = one.times !== null && other.times !== null;
    return {
      ...{ name, a: one.cycles, b: other.cycles, difference: other.cycles - one.cycles },
      timesA: isKnown ? one.times : null,
      timesB: isKnown ? other.times : null,
    };
  });
  return all
    .filter(({ difference, timesA, timesB }) => difference !== 0 || timesA !== timesB)
    .toSorted(byContribution);
}

/** The largest difference first, whatever its sign; equal ones by name. */
export function byContribution(one: Difference, other: Difference): number {
  const size = Math.abs(other.difference) - Math.abs(one.difference);
  return size === 0 ? (one.name < other.name ? -1 : 1) : size;
}

/** Sums rows up by a name that each has; one that has none is left out. */
export function countedBy<Row>(
  rows: readonly Row[],
  read: (row: Row) => { readonly name: string; readonly cycles: number; readonly times: number },
): Counted {
  const sums = new Map<string, { cycles: number; times: number }>();
  for (const row of rows) {
    const { name, cycles, times } = read(row);
    const sum = sums.get(name) ?? { cycles: 0, times: 0 };
    sums.set(name, { cycles: sum.cycles + cycles, times: sum.times + times });
  }
  return sums;
}
