import {
  Circuit,
  ClockDomain,
  EventQueue,
  HeapScheduler,
  Scheduler,
  type BusPort,
  type ComponentDefinition,
  type Ports,
  type Runner,
} from '../../../hw/kernel/index.ts';

/** A circuit with a core clock of 1 tick and an rtc clock of 100 ticks, and time under the test's control. */
export class Bench {
  readonly queue = new EventQueue();
  readonly rx = new HeapScheduler(this.queue);
  readonly core = new ClockDomain('core', 1, this.rx);
  readonly rtc = new ClockDomain('rtc', 100, this.rx);
  readonly circuit: Circuit;
  readonly scheduler: Scheduler;

  constructor(runners: readonly Runner[] = [], buses: Readonly<Record<string, BusPort>> = {}) {
    const { queue, core, rtc } = this;
    this.circuit = new Circuit({ queue, clock: core, clocks: { core, rtc }, buses });
    this.scheduler = new Scheduler(queue, runners);
  }

  /** Lets simulated time pass until `tick`. */
  runTo(tick: number): void {
    this.scheduler.run(tick);
  }
}

/** A bench with one started component. */
export function place<P extends Ports, S extends object, O>(
  definition: ComponentDefinition<P, S, O>,
  options: O,
  buses: Readonly<Record<string, BusPort>> = {},
) {
  const bench = new Bench([], buses);
  const device = bench.circuit.add('device', definition, options);
  bench.circuit.start();
  return { bench, device };
}
