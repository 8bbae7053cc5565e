import { exitSteps, type FinishedExit } from '../../hw/hart/index.ts';
import { groupDigits, textTable } from '../text-table.ts';
import { leafText, type StepLeaf } from './exit-leaves.ts';

/** Leaves of a step that people are shown. */
const MOST_LEAVES = 8;

/** All exits of one kind: how many, and what they spent. */
interface Kind {
  readonly handler: string;
  readonly cause: string;
  exits: number;
  cycles: number;
  /** Cycles by leaf of each step. */
  readonly leaves: Map<string, StepLeaf>;
}

/** Sums the cycle trees of VM exits up by handler, cause and step. */
export class ExitCycles {
  readonly #kinds = new Map<string, Kind>();

  /** Adds an exit, with what its steps spent. */
  add({ handler, cause, before, end }: FinishedExit, leaves: readonly StepLeaf[]): void {
    const key = `${handler} ${cause}`;
    const sums = new Map<string, StepLeaf>();
    const kind = this.#kinds.get(key) ?? { handler, cause, exits: 0, cycles: 0, leaves: sums };
    this.#kinds.set(key, kind);
    kind.exits += 1;
    kind.cycles += end - before;
    for (const leaf of leaves) {
      const place = `${leaf.step} ${leaf.mode} ${leaf.mechanism}`;
      const cycles = (kind.leaves.get(place)?.cycles ?? 0) + leaf.cycles;
      kind.leaves.set(place, { ...leaf, cycles });
    }
  }

  /** A tidy table: a row per handler, cause, step, mode and mechanism; the cycles of a kind sum to those of its exits. */
  csv(): string {
    const rows = this.#sorted().flatMap(({ handler, cause, exits, leaves }) =>
      inOrder(leaves).map(({ step, mode, mechanism, cycles }) =>
        [handler, cause, exits, step, mode, mechanism, cycles].join(','),
      ),
    );
    return `${['handler,cause,exits,step,mode,mechanism,cycles', ...rows].join('\n')}\n`;
  }

  /** For people: per kind of exit and step the cycles of an exit, on the average, and on what they are spent. */
  table(): readonly string[] {
    const rows = this.#sorted().flatMap(({ handler, cause, exits, cycles, leaves }) => {
      const steps = exitSteps.flatMap((step) => {
        const own = inOrder(leaves).filter((leaf) => leaf.step === step);
        if (own.length === 0) return [];
        const total = own.reduce((sum, leaf) => sum + leaf.cycles, 0);
        const parts = own.slice(0, MOST_LEAVES).map((leaf) => {
          return `${leafText(leaf, handler)} ${perExit(leaf.cycles, exits)}`;
        });
        const rest = own.slice(MOST_LEAVES).reduce((sum, leaf) => sum + leaf.cycles, 0);
        if (rest > 0) parts.push(`others ${perExit(rest, exits)}`);
        return [[`  ${step}`, perExit(total, exits), parts.join(', ')]];
      });
      const head = [
        `${cause} -> ${handler}`,
        perExit(cycles, exits),
        `${groupDigits(exits)} exits`,
      ];
      return [head, ...steps];
    });
    return ['where the cycles of VM exits go, per exit', ...textTable(rows, [1])];
  }

  #sorted(): readonly Kind[] {
    return [...this.#kinds]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, kind]) => kind);
  }
}

/** The steps in their order, and of each the dearest leaf first. */
function inOrder(leaves: ReadonlyMap<string, StepLeaf>): readonly StepLeaf[] {
  const place = ({ step }: StepLeaf): number => exitSteps.indexOf(step);
  const name = ({ mode, mechanism }: StepLeaf): string => `${mode} ${mechanism}`;
  return [...leaves.values()].sort(
    (a, b) => place(a) - place(b) || b.cycles - a.cycles || (name(a) < name(b) ? -1 : 1),
  );
}

function perExit(cycles: number, exits: number): string {
  return (cycles / exits).toFixed(1);
}
