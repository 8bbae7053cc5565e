import type { HartStatus } from '../../hw/hart/index.ts';
import type { Machine } from '../machine.ts';

/** Why a machine will never get anywhere. */
export type Hang = 'waiting' | 'trap storm' | 'self loop';

/** Traps without a retired instruction that no host timer tick (10 ms at most) would leave uninterrupted. */
const stormTrapCount = 2_000_000;
/** The same where nothing is left that could interrupt. */
const silentStormTrapCount = 10_000;
/** Executions of a jump to itself that are surely no delay loop. */
const selfLoopCount = 10_000;

/** Finds out whether a machine can still get anywhere; `isDeadlock` says that every hart waits and no event is left. */
export function findHang(machine: Machine, isDeadlock: boolean): Hang | undefined {
  if (isDeadlock) return 'waiting';
  const statuses = machine.harts.map(({ status }) => status);
  const storm = machine.hasNoEvents ? silentStormTrapCount : stormTrapCount;
  if (statuses.some(({ trapsInARow }) => trapsInARow >= storm)) return 'trap storm';
  if (!machine.hasNoEvents) return undefined;
  return statuses.every(isStuck) ? 'self loop' : undefined;
}

function isStuck(status: HartStatus): boolean {
  return status.isWaiting || status.selfLoopCount >= selfLoopCount;
}
