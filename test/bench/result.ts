import { takeSample, type Sample } from './sample.ts';
import { buildProgram, withWork } from './program.ts';
import { platformOf, type Variant } from './variant.ts';
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

/** What one workload gave in one variant. */
export interface Result extends Variant {
  readonly workload: string;
  readonly unit: Measure['unit'];
  /** In the order in which they were taken. */
  readonly samples: readonly number[];
  readonly median: number;
}

/** Measures a workload in a variant; undefined if there is no such variant. */
export async function measure(
  workload: Workload,
  variant: Variant,
  { samples: count, scale }: Effort,
): Promise<Result | undefined> {
  const platform = platformOf(workload, variant);
  if (platform === undefined) return undefined;
  const { harts, warmUp, length, measure: kind, name } = workload;
  const program = withWork(await buildProgram(workload.program), { harts });
  const window = { warmUp: warmUp * scale, length: length * scale };
  const samples = Array.from({ length: count }, () => {
    return valueOf(kind, takeSample(platform, program, window));
  });
  return { workload: name, ...variant, unit: kind.unit, samples, median: median(samples) };
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
