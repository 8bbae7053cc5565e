import type { Observation } from './attack.ts';

/** What an attack came to. */
export type Outcome =
  | 'host down'
  | 'host memory changed'
  | 'hart lost'
  | 'process ended'
  | 'process loops'
  | 'VM ended'
  | 'no effect';

/** Names an outcome by what was seen. */
export function outcomeOf(seen: Observation): Outcome {
  const { panic, isHostIntact, isNeighbourSound, victimStatus, nextVmAt } = seen;
  if (panic !== undefined || (!isNeighbourSound && nextVmAt === undefined)) return 'host down';
  if (!isHostIntact) return 'host memory changed';
  if (seen.hasSurvived) return 'no effect';
  if (victimStatus === undefined) {
    return seen.harts.some((hart) => /mode (HS|M) .*planted-bugs/.test(hart))
      ? 'hart lost'
      : 'process loops';
  }
  return victimStatus >= 128 ? 'process ended' : 'VM ended';
}
