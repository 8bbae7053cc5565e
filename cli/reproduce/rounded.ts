/** To a thousandth, so that the same counts are the same text; null is what was not measured. */
export function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 1000) / 1000;
}
