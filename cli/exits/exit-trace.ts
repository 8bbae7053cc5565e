import type { FinishedExit, Hart } from '../../hw/hart/index.ts';
import type { CodeNames, Machine } from '../../platforms/index.ts';
import { ExitCycles } from './exit-cycles.ts';
import { leafNames, stepLeaves, type LeafName } from './exit-leaves.ts';
import { exitLine } from './exit-line.ts';

/** Lines that are kept for the sake of their order. */
const MOST_WAITING = 4096;

interface WaitingLine {
  readonly end: number;
  readonly hart: number;
  readonly text: string;
}

/** Writes a line per VM exit of a run, in the order of their ends, and sums up what they spent. */
export class ExitTrace {
  readonly cycles = new ExitCycles();
  readonly #machine: Machine;
  readonly #names: CodeNames;
  readonly #write: (line: string) => void;
  #waiting: WaitingLine[] = [];

  constructor(machine: Machine, names: CodeNames, write: (line: string) => void) {
    this.#machine = machine;
    this.#names = names;
    this.#write = write;
    for (const hart of machine.harts) {
      const leaves = leafNames(hart);
      hart.traceExits((exit) => {
        this.#add(hart, exit, leaves);
      });
    }
  }

  /** Writes what is left. */
  close(): void {
    this.#writeUntil(Infinity);
  }

  #add({ id }: Hart, exit: FinishedExit, names: readonly LeafName[]): void {
    const leaves = stepLeaves(exit, names);
    this.cycles.add(exit, leaves);
    const text = exitLine(id, exit, leaves, this.#names);
    this.#waiting.push({ end: exit.end, hart: id, text });
    if (this.#waiting.length >= MOST_WAITING) this.#writeUntil(this.#present());
  }

  /** A cycle that every hart has reached: one that waits is woken by something that is yet to happen. */
  #present(): number {
    const running = this.#machine.harts.filter(({ isWaiting }) => !isWaiting);
    return Math.min(...running.map(({ state }) => state.cycle));
  }

  #writeUntil(cycle: number): void {
    const ordered = this.#waiting.toSorted((a, b) => a.end - b.end || a.hart - b.hart);
    const due = ordered.filter(({ end }) => end <= cycle);
    this.#waiting = ordered.slice(due.length);
    for (const { text } of due) this.#write(text);
  }
}
