/**
 * A clocked component that may run ahead on its own, such as a hart: what the scheduler sees of it.
 * All times are in ticks of the time base.
 */
export interface Runner {
  /** Distinguishes runners and breaks ties: at equal local times the lowest id runs first. */
  readonly id: number;
  /** How far this runner has come. While it accesses the bus, the tick at which the access is made. */
  readonly localTime: number;
  /** True while only an input can make it go on (a hart in WFI); it is then not run and costs nothing. */
  readonly isWaiting: boolean;
  /** Runs while `localTime < tick`, it is not waiting and no one shortened the bound. Takes at least one tick per step. */
  runUntil(tick: number): void;
  /**
   * Lowers the bound of the `runUntil` under way to `tick` if that is earlier. Called during a step of this runner,
   * when its own access made something happen at `tick`; the step itself is completed.
   */
  shorten(tick: number): void;
  /**
   * Called after an input changed at `tick`. A waiting runner whose inputs let it go on stops waiting and
   * continues at `max(localTime, tick)`; otherwise nothing happens.
   */
  wake(tick: number): void;
}

/** Runners that can take turns among themselves as the scheduler would let them with a quantum of `exact`, only faster. */
export interface Team {
  /**
   * Lets runners take steps that begin before `tick`: always the one with the smallest local time, at equal times the one with
   * the lowest id. It may come back at any time. The result is the id of a runner that is in the middle of a step, which it
   * must complete before anyone else goes on, if there is one.
   */
  takeTurns(tick: number): number | undefined;
}
