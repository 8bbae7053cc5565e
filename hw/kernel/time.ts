/** The last tick of the time base: times are integers that a double holds exactly. */
export const maximumTick = Number.MAX_SAFE_INTEGER;

/** Returns `tick` if it is a time of the time base; fractions, negative times and times beyond 2^53 are refused. */
export function checkedTick(tick: number, what: string): number {
  if (!Number.isSafeInteger(tick) || tick < 0) {
    throw new RangeError(
      `${what}: ${String(tick)} is not a whole number of ticks from 0 to 2^53 - 1`,
    );
  }
  return tick;
}
