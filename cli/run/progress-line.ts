import type { Machine } from '../../platforms/index.ts';
import type { Output } from '../output.ts';
import { groupDigits } from '../text-table.ts';

/** Milliseconds between two updates: in place on a terminal, and a line each in a file. */
const terminalPeriod = 250;
const filePeriod = 10_000;
const clearLine = '\r\u001B[K';

/** Tells the person who waits how far the machine is: cycles, instructions, simulated speed, each hart's mode. */
export class ProgressLine {
  readonly #machine: Machine;
  readonly #output: Output;
  readonly #startedAt = performance.now();
  #shownAt = performance.now();
  #shownInstructions = 0;
  #isShown = false;

  constructor(machine: Machine, output: Output) {
    this.#machine = machine;
    this.#output = output;
  }

  /** Milliseconds since the run began. */
  get elapsed(): number {
    return performance.now() - this.#startedAt;
  }

  /** Shows the present state if it is time to. */
  update(): void {
    const now = performance.now();
    const { isTerminal } = this.#output;
    const since = now - this.#shownAt;
    if (since < (isTerminal ? terminalPeriod : filePeriod)) return;
    const count = this.#machine.instructionCount;
    const speed = (count - this.#shownInstructions) / since / 1000;
    this.#shownAt = now;
    this.#shownInstructions = count;
    const text = this.#text(speed);
    this.#output.remark(isTerminal ? `${clearLine}${text.slice(0, 100)}` : `${text}\n`);
    this.#isShown = isTerminal;
  }

  /** Takes the line away, so that other text can be printed. */
  clear(): void {
    if (this.#isShown) this.#output.remark(clearLine);
    this.#isShown = false;
  }

  #text(speed: number): string {
    const { cycle, instructionCount, harts } = this.#machine;
    const modes = harts.map(({ mode, isWaiting }) => (isWaiting ? `${mode} wfi` : mode));
    const counts = `${groupDigits(cycle)} cycles  ${groupDigits(instructionCount)} instructions`;
    return `${counts}  ${speed.toFixed(2)} MIPS  [${modes.join(' | ')}]`;
  }
}
