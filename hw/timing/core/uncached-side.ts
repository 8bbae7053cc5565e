import { mechanismNumber } from '../mechanisms.ts';
import type { TimingParameters } from '../parameters.ts';
import { uncachedExtra } from '../uncached.ts';
import type { AccessOutcome, DataSide } from './data-pipe.ts';

/** From the answer of a device to the gap that its load takes: the way back to the registers, and decode of a user. */
const ANSWER_TO_GAP = 3;

/** An access that finds what it needs. */
export const HIT: AccessOutcome = {
  isHit: true,
  soils: false,
  uncached: undefined,
  granted: 0,
  busyUntil: 0,
  isReleasing: false,
};

/** What becomes of an access that goes past the caches; `undefined` if it does not. */
export function uncachedAccess(
  parameters: TimingParameters,
  latencyClass: string | undefined,
): AccessOutcome | undefined {
  if (latencyClass === undefined || latencyClass === 'ram') return undefined;
  const extra = uncachedExtra(parameters, latencyClass, 'load');
  return { ...HIT, isHit: false, uncached: Math.max(1, extra - ANSWER_TO_GAP) };
}

/** A data side on which everything hits but what goes past the caches. */
export function alwaysHitting(parameters: TimingParameters): DataSide {
  return {
    translate: () => undefined,
    walkMechanism: mechanismNumber['walk-stage-1'],
    access: ({ latencyClass }) => uncachedAccess(parameters, latencyClass) ?? HIT,
  };
}
