import type { MainMemory } from './main-memory.ts';

/** Memory with a clock of its own: a request waits for its next edge, and so does the answer for the core's. */
export class SlowerMemory implements MainMemory {
  readonly beat: number;
  readonly #memory: MainMemory;
  readonly #period: number;

  /** `period` is that of the memory's clock in cycles of the core. */
  constructor(memory: MainMemory, period: number) {
    this.beat = memory.beat * period;
    this.#memory = memory;
    this.#period = period;
  }

  read(line: number, time: number): number {
    return this.#atCore(this.#memory.read(line, this.#atMemory(time)));
  }

  write(line: number, time: number): number {
    return this.#atCore(this.#memory.write(line, this.#atMemory(time)));
  }

  #atMemory(time: number): number {
    return Math.ceil(time / this.#period);
  }

  #atCore(time: number): number {
    return Math.ceil(time * this.#period);
  }
}
