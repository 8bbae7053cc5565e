import type { ClockDomain, EventQueue } from '../hw/kernel/index.ts';

/** The machine's real-time clock as a hart uses it. */
export interface TimeSource {
  /** What the clock shows at a tick. */
  readonly timeAt: (tick: number) => bigint;
  /** The first tick at which the clock shows at least `time`; infinite if that is beyond the end of time. */
  readonly tickOf: (time: bigint) => number;
}

/** Makes a time source from a counter that advances once per cycle of `clock`; `read` gives its present value. */
export function timeSource(read: () => bigint, clock: ClockDomain, queue: EventQueue): TimeSource {
  return {
    timeAt: (tick) => read() + BigInt(clock.cycleAt(tick) - clock.cycleAt(queue.now)),
    tickOf: (time) => {
      const ahead = time - read();
      if (ahead <= 0n) return queue.now;
      return clock.tickOf(BigInt(clock.cycleAt(queue.now)) + ahead) ?? Infinity;
    },
  };
}
