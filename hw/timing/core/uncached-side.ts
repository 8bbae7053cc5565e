import type { TimingParameters } from '../parameters.ts';
import { uncachedExtra } from '../uncached.ts';
import type { AccessOutcome, DataSide } from './data-pipe.ts';

/** From the answer of a device to the gap that its load takes: the way back to the registers, and decode of a user. */
const ANSWER_TO_GAP = 3;

const hit: AccessOutcome = { isHit: true, soils: false, uncached: undefined, refilled: 0 };

/** A data side on which everything hits but what goes past the caches. */
export function alwaysHitting(parameters: TimingParameters): DataSide {
  return {
    isTranslated: () => true,
    access: ({ latencyClass }) => {
      if (latencyClass === undefined || latencyClass === 'ram') return hit;
      const extra = uncachedExtra(parameters, latencyClass, 'load');
      return { ...hit, isHit: false, uncached: Math.max(1, extra - ANSWER_TO_GAP) };
    },
  };
}
