import type { TimingParameters } from '../parameters.ts';
import { uncachedExtra } from '../uncached.ts';
import { accessAnswer, AccessKind, HIT } from './access-answer.ts';
import { Memory, memoryOf } from './control-word.ts';
import { fetchAnswer, FetchOutcome } from './fetch-answer.ts';
import type { MemorySide } from './memory-side.ts';
import { NOTHING } from './surroundings.ts';

/** From the answer of a device to the gap that its load takes: the way back to the registers, and decode of a user. */
const ANSWER_TO_GAP = 3;

/** Whether accesses to memory of a kind go past the caches. */
export function isUncached(latencyClass: string | undefined): boolean {
  return latencyClass !== undefined && latencyClass !== 'ram';
}

/** What becomes of an access that goes past the caches; `undefined` if it does not. */
export function uncachedAccess(
  parameters: TimingParameters,
  latencyClass: string | undefined,
): number | undefined {
  if (latencyClass === undefined || !isUncached(latencyClass)) return undefined;
  const extra = uncachedExtra(parameters, latencyClass, 'load');
  return accessAnswer(AccessKind.uncached, false, Math.max(1, extra - ANSWER_TO_GAP));
}

/** A side on which everything hits but what goes past the caches. */
export function alwaysHitting(parameters: TimingParameters): MemorySide {
  const nothing = (): void => undefined;
  return {
    reset: nothing,
    isStill: () => true,
    translatesData: false,
    fetch: () => fetchAnswer(FetchOutcome.there),
    waitsUntil: (cycle) => cycle,
    translate: () => NOTHING,
    access: ({ latencyClass }, control) => {
      if (memoryOf(control) === Memory.cacheBlock) return HIT;
      return uncachedAccess(parameters, latencyClass) ?? HIT;
    },
    emptyInstructionCache: nothing,
  };
}
