import type { CycleTree } from '../../hw/kernel/index.ts';
import { windowSteps } from './window.ts';
import type { OperationSum } from './step-meter.ts';

/** A leaf of the cycle tree, and its cycles in one operation. */
export interface Leaf {
  readonly mode: string;
  readonly mechanism: string;
  readonly cycles: number;
}

/** The mean of one step. */
export interface Step {
  readonly name: string;
  readonly cycles: number;
  /** Where they went, most first; they sum to `cycles`. */
  readonly leaves: readonly Leaf[];
}

/** The mean of one operation under one stack, in cycles. */
export interface Measured {
  readonly count: number;
  /** From the guest's instruction to its next. */
  readonly guestVisible: number;
  /** What the published number is of: what lies between the world switches, or the round trip; nothing where there is no hypervisor. */
  readonly windowed: number | undefined;
  readonly steps: readonly Step[];
  /** Where the window's cycles went, most first; where there is no hypervisor, those of the whole. */
  readonly leaves: readonly Leaf[];
}

/** Turns the sums of a meter into the means of one operation, whose published number is of its round trip or of the window. */
export function meanOf(
  { count, steps }: OperationSum,
  tree: CycleTree,
  isRoundTrip: boolean,
): Measured {
  const means = [...steps].map(([name, { cycles, leaves }]): Step => {
    return { name, cycles: cycles / count, leaves: leavesOf(leaves, count, tree) };
  });
  const hasWindow = isRoundTrip || [...steps.keys()].some((name) => windowSteps.includes(name));
  const isWhole = isRoundTrip || !hasWindow;
  const inWindow = [...steps].filter(([name]) => isWhole || windowSteps.includes(name));
  const sum = new Float64Array(tree.leaves.length);
  for (const [, { leaves }] of inWindow) {
    for (const [leaf, cycles] of leaves.entries()) sum[leaf] = (sum[leaf] ?? 0) + cycles;
  }
  return {
    count,
    guestVisible: total([...steps].map(([, { cycles }]) => cycles)) / count,
    windowed: hasWindow ? total(inWindow.map(([, { cycles }]) => cycles)) / count : undefined,
    steps: means,
    leaves: leavesOf(sum, count, tree),
  };
}

/** Cycles of some steps of an operation. */
export function cyclesOf({ steps }: Measured, names: readonly string[]): number {
  return total(steps.filter(({ name }) => names.includes(name)).map(({ cycles }) => cycles));
}

function leavesOf(leaves: Float64Array, count: number, tree: CycleTree): readonly Leaf[] {
  const width = tree.mechanisms.length;
  return [...leaves]
    .map((cycles, leaf) => ({
      mode: tree.modes[Math.floor(leaf / width)] ?? '',
      mechanism: tree.mechanisms[leaf % width]?.name ?? '',
      cycles: cycles / count,
    }))
    .filter(({ cycles }) => cycles > 0)
    .toSorted((a, b) => b.cycles - a.cycles);
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
