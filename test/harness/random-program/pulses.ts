import type { Hart } from '../../../hw/hart/index.ts';
import type { Checkpointed, Event } from '../../../hw/kernel/index.ts';
import type { TestMachine } from '../../hw/hart/machine.ts';
import type { Pulse } from './environment.ts';

/** A line that will change, with the number of the event that changes it. */
interface Change {
  readonly line: Pulse['line'];
  readonly level: boolean;
  readonly at: number;
  readonly event: number;
}

/** Interrupt lines of a hart that a program's environment raises and lowers. */
export class Pulses implements Checkpointed<readonly Change[]> {
  readonly #hart: Hart;
  readonly #queue: TestMachine['queue'];
  #changes: Change[] = [];

  constructor({ hart, queue }: TestMachine, pulses: readonly Pulse[]) {
    this.#hart = hart;
    this.#queue = queue;
    for (const { line, tick, ticks } of pulses) {
      this.#plan(line, true, tick);
      this.#plan(line, false, tick + ticks);
    }
  }

  save(): readonly Change[] {
    return this.#changes;
  }

  restore(saved: readonly Change[]): void {
    this.#changes = [...saved];
    for (const change of saved) this.#queue.putBack(change.event, this.#actionOf(change));
  }

  #plan(line: Pulse['line'], level: boolean, at: number): void {
    const event: Event = this.#queue.at(at, 0, () => {
      this.#actionOf(change)();
    });
    const change: Change = { line, level, at, event: event.sequence };
    this.#changes.push(change);
  }

  #actionOf(change: Change): () => void {
    return () => {
      this.#changes = this.#changes.filter(({ event }) => event !== change.event);
      this.#hart.setLine(change.line, change.level, change.at);
      this.#hart.wake(change.at);
    };
  }
}
