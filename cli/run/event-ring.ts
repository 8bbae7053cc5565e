import type { TrapRecord } from '../../hw/hart/index.ts';
import { causeName, interruptName } from '../../hw/isa/index.ts';
import type { CodeNames, Machine } from '../../platforms/index.ts';

/** Traps that are kept. */
const capacity = 2000;

/** Remembers the last traps of all harts, for the case that the run fails. */
export class EventRing {
  readonly #events: { readonly hart: number; readonly trap: TrapRecord }[] = [];
  readonly #names: CodeNames;
  #next = 0;

  constructor(machine: Machine, names: CodeNames) {
    this.#names = names;
    for (const hart of machine.harts) {
      hart.onTrap = (trap) => {
        this.#events[this.#next] = { hart: hart.id, trap };
        this.#next = (this.#next + 1) % capacity;
      };
    }
  }

  /** One line per trap, oldest first. */
  text(): string {
    const ordered = [...this.#events.slice(this.#next), ...this.#events.slice(0, this.#next)];
    return ordered.map(({ hart, trap }) => `${this.#line(hart, trap)}\n`).join('');
  }

  #line(hart: number, { cycle, from, to, cause, isInterrupt, pc, tval }: TrapRecord): string {
    const name = isInterrupt ? interruptName(cause) : causeName(cause);
    const place = `0x${pc.toString(16)} ${this.#names.describe(from, pc)}`.trimEnd();
    const value = tval === 0n ? '' : `  value 0x${tval.toString(16)}`;
    return `${String(cycle)}  hart ${String(hart)}  ${from} -> ${to}  ${name}  at ${place}${value}`;
  }
}
