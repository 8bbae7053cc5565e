import { LOADS_A_TURN } from '../../sw/bench/pointer-chase/limits.ts';
import type { MachineShape } from './variant.ts';

/** What is counted: instructions, or operations of so many instructions each. */
export type Measure =
  | { readonly unit: 'MIPS' }
  | {
      readonly unit: 'µs' | 'ns';
      /** Instructions that one operation retires, with what belongs to it. */
      readonly instructionsPerOperation: number;
    };

/** One line of the table. */
export interface Workload extends MachineShape {
  /** Name of the line, for `--only` and in figures. */
  readonly name: string;
  /** Folder of the program below sw/bench. */
  readonly program: string;
  readonly measure: Measure;
  /** Seconds on the processor before measuring begins; 0 where the time to warm up is part of the question. */
  readonly warmUp: number;
  /** Seconds of a sample. */
  readonly length: number;
}

const mips = { unit: 'MIPS' } as const;
/** Three instructions of the caller, six of the handler; the call itself does not retire (priv 3.3.1). */
const roundTrip = { unit: 'µs', instructionsPerOperation: 8 } as const;
/** The loads of a turn, and the two instructions that count turns. */
const load = { unit: 'ns', instructionsPerOperation: (LOADS_A_TURN + 2) / LOADS_A_TURN } as const;

const oneHart = (
  program: string,
  measure: Measure,
  { warmUp, length } = { warmUp: 0.3, length: 0.8 },
): Workload => ({ name: program, program, measure, harts: 1, warmUp, length });

/** Everything that is measured in time. */
export const workloads: readonly Workload[] = [
  oneHart('loop-mix', mips),
  oneHart('cold-mix', mips, { warmUp: 0, length: 2.5 }),
  oneHart('straight-mix', mips, { warmUp: 0, length: 2.5 }),
  { ...oneHart('float-mix', mips), hasFloats: true },
  oneHart('machine-trap', roundTrip),
  oneHart('hypervisor-trap', roundTrip),
  oneHart('user-trap', roundTrip),
  oneHart('pointer-chase', load),
  ...([1, 2, 4] as const).map((harts) => {
    return { ...oneHart('loop-mix', mips), name: `harts-${String(harts)}`, harts, quantum: '1000' };
  }),
  ...([2, 4] as const).map((harts) => {
    return {
      ...oneHart('loop-mix', mips),
      name: `exact-${String(harts)}`,
      harts,
      quantum: 'exact',
    };
  }),
];
