import { takeSample, type Sample } from './sample.ts';
import { buildProgram, withWork } from './program.ts';
import { sampleReference, type ReferenceSimulator } from './reference-simulator.ts';
import { instructionsPerIteration } from './run-to-end.ts';
import { defaultVariant, platformOf, type Variant } from './variant.ts';
import type { Measure, Workload } from './workloads.ts';

/** How thorough a measurement is. */
export interface Effort {
  readonly samples: number;
  /** Factor on all times. */
  readonly scale: number;
}

/** The effort of `npm run bench`, and of `--quick`. */
export const efforts = {
  full: { samples: 5, scale: 1 },
  quick: { samples: 3, scale: 0.4 },
} as const satisfies Readonly<Record<string, Effort>>;

/** What one workload gave, in one variant or on somebody else's simulator. */
export interface Result {
  readonly workload: string;
  /** `engine timing`, or the simulator's name. */
  readonly variant: string;
  readonly unit: Measure['unit'];
  /** In the order in which they were taken. */
  readonly samples: readonly number[];
  readonly median: number;
}

/** Measures a workload in a variant; undefined if there is no such variant. */
export async function measure(
  workload: Workload,
  variant: Variant,
  effort: Effort,
): Promise<Result | undefined> {
  const platform = platformOf(workload, variant);
  if (platform === undefined) return undefined;
  const { harts, warmUp, length } = workload;
  const program = withWork(await buildProgram(workload.program), { harts });
  const window = { warmUp: warmUp * effort.scale, length: length * effort.scale };
  const samples = Array.from({ length: effort.samples }, () => {
    return takeSample(platform, program, window);
  });
  return resultOf(workload, `${variant.engine} ${variant.timing}`, samples);
}

/** Measures a workload on a simulator; undefined if that cannot run it, or is not meant to. */
export async function measureReference(
  workload: Workload,
  simulator: ReferenceSimulator,
  effort: Effort,
): Promise<Result | undefined> {
  const platform = platformOf(workload, defaultVariant());
  if (platform === undefined || workload.quantum !== undefined) return undefined;
  const program = await buildProgram(workload.program);
  const plan = {
    instructionsPerIteration: instructionsPerIteration(platform, program),
    seconds: workload.length * effort.scale,
  };
  const samples: Sample[] = [];
  for (let count = 0; count < effort.samples; count++) {
    const sample = sampleReference(simulator, program, plan);
    if (sample === undefined) return undefined;
    samples.push(sample);
  }
  return resultOf(workload, simulator.name, samples);
}

function resultOf(workload: Workload, variant: string, samples: readonly Sample[]): Result {
  const { name, measure: kind } = workload;
  const values = samples.map((sample) => valueOf(kind, sample));
  return { workload: name, variant, unit: kind.unit, samples: values, median: median(values) };
}

/** The figure that a sample stands for. */
export function valueOf(measure: Measure, { instructions, seconds }: Sample): number {
  if (measure.unit === 'MIPS') return instructions / seconds / 1e6;
  const operations = instructions / measure.instructionsPerOperation;
  return (seconds / operations) * (measure.unit === 'µs' ? 1e6 : 1e9);
}

/** The middle one of an odd number of values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
