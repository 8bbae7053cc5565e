import {
  ddr3Parameters,
  fixedLatencyParameters,
  memoryParameters,
  type TimingParameter,
  timingParameters,
} from '../hw/timing/index.ts';
import type { Platform } from './platform.ts';
import { describeOrigin } from './source/origin.ts';
import type { TimingEntry } from './timing-schema.ts';

/** One number of a platform's timing model, with all that is known of it. */
export interface TimingValue {
  /** Path below `harts.timing`, as `--set harts.timing.…` takes it. */
  readonly path: string;
  readonly value: number;
  readonly unit: string;
  readonly meaning: string;
  /** What the number is based on; undefined where nobody said it. */
  readonly source: string | undefined;
  /** `file:line:column` or `--set key=value`. */
  readonly givenAt: string;
}

/** Values by name, and what is declared of them. */
interface Section {
  readonly path: readonly string[];
  readonly declared: readonly TimingParameter[];
  readonly entries: Readonly<Record<string, TimingEntry>>;
}

/** Every number of a platform's timing: the pipeline's, and those of caches, TLBs and memory where it has them. */
export function timingValues(platform: Platform): readonly TimingValue[] {
  return sectionsOf(platform).flatMap(({ path, declared, entries }) => {
    return declared.flatMap(({ name, unit, description }) => {
      const entry = entries[name];
      if (entry === undefined) return [];
      const place = [...path, name];
      const { value, source } = entry;
      const givenAt = placeOf(platform, ['harts', 'timing', ...place]);
      return [{ path: place.join('.'), value, unit, meaning: description, source, givenAt }];
    });
  });
}

function sectionsOf({ harts: { timing } }: Platform): readonly Section[] {
  const { parameters, memory } = timing;
  const pipeline: Section = {
    path: ['parameters'],
    declared: timingParameters,
    entries: parameters,
  };
  if (memory === undefined) return [pipeline];
  const { backEnd } = memory;
  return [
    pipeline,
    {
      path: ['memory', 'parameters'],
      declared: memoryParameters,
      entries: memory.parameters,
    },
    backEnd.kind === 'fixed'
      ? {
          path: ['memory', 'backEnd'],
          declared: fixedLatencyParameters,
          entries: { latency: backEnd.latency },
        }
      : {
          path: ['memory', 'backEnd', 'parameters'],
          declared: ddr3Parameters,
          entries: backEnd.parameters,
        },
  ];
}

/** Where a number was written: by itself, or beside its unit and source. */
function placeOf(platform: Platform, path: readonly string[]): string {
  const origin = platform.originOf([...path, 'value']) ?? platform.originOf(path);
  // A timing file has no defaults.
  if (origin === undefined) throw new Error(`${path.join('.')} was written nowhere`);
  return describeOrigin(origin);
}
