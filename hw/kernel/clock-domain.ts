import { defer, map, share, timer, type Observable, type SchedulerLike } from 'rxjs';
import { checkedTick, maximumTick } from './time.ts';

/**
 * A clock whose edges are the multiples of `period` ticks. Cycle n begins at edge n; edge 0 is tick 0.
 */
export class ClockDomain {
  readonly name: string;
  /** Ticks of the time base from edge to edge. */
  readonly period: number;
  /**
   * The numbers of the edges, from the next one on, while anybody listens. Components do not listen to this:
   * they ask for the edges they need, so that idle ones cost nothing.
   */
  readonly edges$: Observable<number>;

  constructor(name: string, period: number, scheduler: SchedulerLike) {
    if (checkedTick(period, `clock ${name}, period`) === 0) {
      throw new RangeError(`clock ${name}: the period is 0 ticks`);
    }
    this.name = name;
    this.period = period;
    this.edges$ = edges(this, scheduler).pipe(share());
  }

  /** Number of the cycle that `tick` belongs to. */
  cycleAt(tick: number): number {
    return Math.floor(tick / this.period);
  }

  /** Tick of edge `cycle`, `undefined` where it lies beyond the end of time. */
  tickOf(cycle: number | bigint): number | undefined {
    const tick =
      typeof cycle === 'bigint' ? Number(cycle * BigInt(this.period)) : cycle * this.period;
    return tick <= maximumTick ? tick : undefined;
  }

  /** Tick of the first edge after `tick`. */
  edgeAfter(tick: number): number {
    return (this.cycleAt(tick) + 1) * this.period;
  }

  /** Tick of the first edge at or after `tick`. */
  edgeFrom(tick: number): number {
    return Math.ceil(tick / this.period) * this.period;
  }
}

function edges(clock: ClockDomain, scheduler: SchedulerLike): Observable<number> {
  return defer(() => {
    const first = clock.edgeAfter(scheduler.now());
    return timer(first - scheduler.now(), clock.period, scheduler).pipe(
      map((count) => clock.cycleAt(first) + count),
    );
  });
}
