import {
  type ByteRange,
  type Checkpointed,
  CheckpointedParts,
  type EventQueue,
  type MachineMemory,
  type Parts,
} from '../../hw/kernel/index.ts';
import type { CheckpointContents } from './checkpoint-file.ts';
import { packPages, packRanges, unpackPages, unpackRanges } from './memory-pages.ts';
import { readPlain, writePlain } from './plain-data.ts';

/** A part that keeps bytes in the machine's memory too. */
export interface CheckpointedWithBytes extends Checkpointed {
  /** Its bytes in the machine's memory. */
  readonly kept: readonly ByteRange[];
}

/** Everything of a machine that decides what it will do. */
export interface MachineStateParts {
  readonly memory: MachineMemory;
  readonly queue: EventQueue;
  readonly harts: readonly { readonly id: number; readonly checkpoint: CheckpointedWithBytes }[];
  /** Names of areas of memory that are state from the first byte to the last. */
  readonly areas: readonly string[];
  readonly parts: Parts;
}

type Sections = CheckpointContents['sections'];

/** The section of everything outside of the machine's memory. */
const OUTSIDE = 'state';

/** Takes the whole state out of a machine, and puts it into one of the same description. */
export class MachineState {
  readonly #memory: MachineMemory;
  readonly #queue: EventQueue;
  readonly #harts: ReadonlyMap<string, CheckpointedWithBytes>;
  readonly #areas: ReadonlyMap<string, ByteRange>;
  readonly #outside: CheckpointedParts;

  constructor({ memory, queue, harts, areas, parts }: MachineStateParts) {
    const hartParts = harts.map(
      ({ id, checkpoint }) => [`hart.${String(id)}`, checkpoint] as const,
    );
    this.#memory = memory;
    this.#queue = queue;
    this.#harts = new Map(hartParts);
    this.#areas = new Map(areas.map((name) => [name, memory.area(name)]));
    // Owners of events put them back, for which the queue has to know them; and they may take some back while they are saved.
    this.#outside = new CheckpointedParts({ ...parts, ...Object.fromEntries(hartParts) });
  }

  /** The state by sections: the same bytes whatever engine has run, and however it was cut into pieces. */
  save(): Sections {
    const parts = this.#outside.save();
    const outside = { queue: this.#queue.save(), parts };
    const harts = [...this.#harts].map(([name, { kept }]) => {
      return [name, packRanges(this.#memory, kept)] as const;
    });
    const areas = [...this.#areas].map(([name, range]) => {
      return [areaSection(name), packPages(this.#memory, range)] as const;
    });
    return new Map([[OUTSIDE, Buffer.from(writePlain(outside))], ...harts, ...areas]);
  }

  /** Takes over a state that was saved on a machine of the same description. */
  restore(sections: Sections): void {
    for (const [name, { kept }] of this.#harts) {
      unpackRanges(this.#memory, kept, sectionOf(sections, name));
    }
    for (const [name, range] of this.#areas) {
      unpackPages(this.#memory, range, sectionOf(sections, areaSection(name)));
    }
    const text = new TextDecoder().decode(sectionOf(sections, OUTSIDE));
    const { queue, parts } = readPlain(text) as SavedOutside;
    this.#queue.restore(queue);
    this.#outside.restore(parts);
    const [forgotten] = this.#queue.unclaimed;
    if (forgotten !== undefined) {
      throw new Error(`checkpoint: nobody owns the event at tick ${String(forgotten.time)}`);
    }
  }
}

interface SavedOutside {
  readonly queue: ReturnType<EventQueue['save']>;
  readonly parts: Readonly<Record<string, object>>;
}

function areaSection(area: string): string {
  return `memory.${area}`;
}

function sectionOf(sections: Sections, name: string): Uint8Array {
  const section = sections.get(name);
  if (section === undefined) throw new Error(`checkpoint: there is no section ${name}`);
  return section;
}
