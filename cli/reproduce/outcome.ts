import type { Observation } from './attack.ts';

/** 128 + SIGKILL: the status of a process that the host's operator ended. */
const killedStatus = 137;

/** What an attack came to. */
export type Outcome =
  | 'host down'
  | 'host memory changed'
  | 'hart lost'
  | 'process ended'
  | 'process killed'
  | 'process loops'
  | 'VM ended'
  | 'no effect';

/** Names an outcome by what was seen. */
export function outcomeOf(seen: Observation): Outcome {
  const { panic, hostDamage, isNeighbourSound, victimStatus, nextVmAt } = seen;
  if (panic !== undefined || (!isNeighbourSound && nextVmAt === undefined)) return 'host down';
  if (hostDamage.length > 0) return 'host memory changed';
  if (seen.hasSurvived) return 'no effect';
  if (victimStatus === undefined) {
    return seen.harts.some((hart) => /mode (HS|M) .*planted-bugs/.test(hart))
      ? 'hart lost'
      : 'process loops';
  }
  if (victimStatus === killedStatus) return 'process killed';
  return victimStatus >= 128 ? 'process ended' : 'VM ended';
}
