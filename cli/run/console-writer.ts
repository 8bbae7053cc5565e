import type { Machine } from '../../platforms/index.ts';
import type { Output } from '../output.ts';

/** Brings what software writes to its consoles to standard output, and keeps it. */
export class ConsoleWriter {
  readonly #all: number[] = [];
  readonly #decoder = new TextDecoder();
  readonly #output: Output;
  readonly #beforeWrite: () => void;
  #written = 0;

  constructor(machine: Machine, beforeWrite: () => void, output: Output) {
    this.#output = output;
    this.#beforeWrite = beforeWrite;
    machine.console$.subscribe(({ byte }) => {
      this.#all.push(byte);
    });
  }

  /** Every byte so far. */
  get bytes(): Uint8Array {
    return Uint8Array.from(this.#all);
  }

  /** Writes what has arrived since the last call. */
  flush(): void {
    if (this.#written === this.#all.length) return;
    this.#beforeWrite();
    const fresh = Uint8Array.from(this.#all.slice(this.#written));
    this.#output.result(this.#decoder.decode(fresh, { stream: true }));
    this.#written = this.#all.length;
  }
}
