import type { TrapRecord } from '../../hw/hart/index.ts';
import { causeName, interruptName } from '../../hw/isa/index.ts';
import type { CodeNames, Machine } from '../../platforms/index.ts';

/** Traps that are kept of each hart, and shown of all. */
const capacity = 2000;

/** Remembers the last traps of all harts, for the case that the run fails. */
export class EventRing {
  /** By hart: its traps in a ring, and how many there have been. */
  readonly #rings: { readonly hart: number; readonly traps: TrapRecord[]; count: number }[] = [];
  readonly #names: CodeNames;

  constructor(machine: Machine, names: CodeNames) {
    this.#names = names;
    for (const hart of machine.harts) {
      const ring = { hart: hart.id, traps: [] as TrapRecord[], count: 0 };
      this.#rings.push(ring);
      hart.onTrap = (trap) => {
        ring.traps[ring.count % capacity] = trap;
        ring.count += 1;
      };
    }
  }

  /** One line per trap, oldest first. */
  text(): string {
    const events = this.#rings.flatMap(({ hart, traps, count }) => {
      const oldest = count % capacity;
      const ordered = [...traps.slice(oldest), ...traps.slice(0, oldest)];
      return ordered.map((trap) => ({ hart, trap }));
    });
    events.sort((one, other) => one.trap.cycle - other.trap.cycle);
    return events
      .slice(-capacity)
      .map(({ hart, trap }) => `${this.#line(hart, trap)}\n`)
      .join('');
  }

  #line(hart: number, { cycle, from, to, cause, isInterrupt, pc, tval }: TrapRecord): string {
    const name = isInterrupt ? interruptName(cause) : causeName(cause);
    const place = `0x${pc.toString(16)} ${this.#names.describe(from, pc)}`.trimEnd();
    const value = tval === 0n ? '' : `  value 0x${tval.toString(16)}`;
    return `${String(cycle)}  hart ${String(hart)}  ${from} -> ${to}  ${name}  at ${place}${value}`;
  }
}
