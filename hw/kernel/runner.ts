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
