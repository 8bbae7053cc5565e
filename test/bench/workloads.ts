import type { MachineShape } from './variant.ts';

/** What is counted: instructions, or operations of so many instructions each. */
export type Measure =
  | { readonly unit: 'MIPS' }
  | {
      readonly unit: 'µs' | 'ns';
      /** What one operation is, for people. */
      readonly operation: string;
      readonly instructionsPerOperation: number;
    };

/** One line of the table. */
export interface Workload extends MachineShape {
  /** Name of the line, for `--only` and in figures. */
  readonly name: string;
  /** Folder of the program below sw/bench. */
  readonly program: string;
  readonly measure: Measure;
  /** Seconds on the processor before measuring begins; none where the time to warm up is part of the question. */
  readonly warmUp: number;
  /** Seconds of a sample. */
  readonly length: number;
}

const mips = { unit: 'MIPS' } as const;

/** Everything that is measured in time. */
export const workloads: readonly Workload[] = [
  { name: 'loop-mix', program: 'loop-mix', harts: 1, measure: mips, warmUp: 0.3, length: 0.8 },
  ...([1, 2, 4] as const).map((harts) => ({
    ...{ name: `harts-${String(harts)}`, program: 'loop-mix', harts, measure: mips },
    ...{ quantum: '1000', warmUp: 0.3, length: 0.8 },
  })),
];
