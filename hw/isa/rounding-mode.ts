/** The rounding modes that an instruction or `frm` can name; `dyn` asks `frm` (unpriv 20.2). */
export const RoundingMode = { rne: 0, rtz: 1, rdn: 2, rup: 3, rmm: 4, dyn: 7 } as const;

/** The number of a rounding mode. */
export type RoundingMode = (typeof RoundingMode)[keyof typeof RoundingMode];

const numbers = new Map<string, RoundingMode>(Object.entries(RoundingMode));
const names = new Map<number, string>(
  Object.entries(RoundingMode).map(([name, mode]) => [mode, name]),
);

/** Every name of a rounding mode. */
export const roundingModeSpellings: readonly string[] = [...numbers.keys()];

/** The rounding mode of a name. */
export function roundingModeNamed(name: string): RoundingMode | undefined {
  return numbers.get(name);
}

/** The name of a rounding mode, if the number is not reserved. */
export function roundingModeName(mode: number): string | undefined {
  return names.get(mode);
}

/** What an operation can report, as bits of `fflags` (unpriv 20.2). */
export const FloatFlag = {
  inexact: 1,
  underflow: 2,
  overflow: 4,
  divideByZero: 8,
  invalid: 16,
} as const;
