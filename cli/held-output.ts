import type { Output } from './output.ts';

/** Keeps what is written until it is released, and passes on what comes later. */
export class HeldOutput implements Output {
  readonly #output: Output;
  #held: (() => void)[] | undefined = [];

  constructor(output: Output) {
    this.#output = output;
  }

  get isTerminal(): boolean {
    return this.#output.isTerminal;
  }

  readonly result = (text: string): void => {
    this.#write(() => {
      this.#output.result(text);
    });
  };

  readonly remark = (text: string): void => {
    this.#write(() => {
      this.#output.remark(text);
    });
  };

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const write of held) write();
  }

  #write(write: () => void): void {
    if (this.#held === undefined) write();
    else this.#held.push(write);
  }
}
