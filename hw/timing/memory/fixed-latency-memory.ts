import type { MainMemory } from './main-memory.ts';

/** Memory that answers after the same number of cycles, however busy it is: the memory around the simulated Rocket RTL. */
export class FixedLatencyMemory implements MainMemory {
  readonly beat = 1;
  readonly #latency: number;

  constructor(latency: number) {
    this.#latency = latency;
  }

  read(_line: number, time: number): number {
    return time + this.#latency;
  }

  write(_line: number, time: number): number {
    return time + this.#latency;
  }
}
