import type fc from 'fast-check';

/**
 * How many random cases a property is tried with, and from which seed. `CASES=50` in the environment tries fifty times as
 * many, `SEED=7` others; without them every run of the tests is the same.
 */
export function cases<Value>(count: number, seed: number): fc.Parameters<Value> {
  const factor = Number(process.env['CASES'] ?? 1);
  const other = Number(process.env['SEED'] ?? 0);
  return { numRuns: count * factor, seed: seed + 1000 * other };
}
