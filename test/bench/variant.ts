import { DvlabError, loadPlatform, type Platform } from '../../platforms/index.ts';
import { platformGuide } from '../../platforms/platform-schema.ts';
import { inProject } from '../harness/project-root.ts';

/** A way to execute a machine: an engine, and a timing model. */
export interface Variant {
  readonly engine: string;
  readonly timing: string;
}

/** What a workload needs of a machine. */
export interface MachineShape {
  readonly harts: 1 | 2 | 4;
  /** `exact`, or core cycles that a hart may run ahead. */
  readonly quantum?: string;
  /** Whether the harts have F and D, which the platforms leave out. */
  readonly hasFloats?: boolean;
}

type Platforms = Readonly<Record<MachineShape['harts'], string>>;

const platforms: Platforms = {
  1: 'platforms/bare-1hart.yaml',
  2: 'test/bench/platforms/bench-2hart.yaml',
  4: 'test/bench/platforms/bench-4hart.yaml',
};

const platformsInStages: Platforms = {
  1: 'test/bench/platforms/bench-rtl-1hart.yaml',
  2: 'test/bench/platforms/bench-rtl-2hart.yaml',
  4: 'test/bench/platforms/bench-rtl-4hart.yaml',
};

/** The timings that are compared, the first being what the platforms use; `none` counts an instruction as a cycle. */
export const usualTimings = ['rocket', 'none'] as const;

const platformsWithCaches: Platforms = {
  1: 'test/bench/platforms/bench-caches-1hart.yaml',
  2: 'test/bench/platforms/bench-caches-2hart.yaml',
  4: 'test/bench/platforms/bench-caches-4hart.yaml',
};

/** Those, and two with caches, which are measured where they are asked for: by rules, and through every stage of the pipeline. */
export const timings = [...usualTimings, 'rocket-rtl-rules', 'rocket-rtl'] as const;

/** The engines that a platform file can name; the one there is, if it cannot name any. */
export function knownEngines(): readonly string[] {
  return platformGuide.properties?.['engine']?.enum?.map(String) ?? ['oracle'];
}

/** What a platform that says nothing gets. */
export function defaultVariant(): Variant {
  const engines = knownEngines();
  return {
    engine: engines.find((name) => name === 'auto') ?? engines[0] ?? '',
    timing: timings[0],
  };
}

/** The platform of a shape in a variant, or undefined if there is no such variant yet. */
export function platformOf(shape: MachineShape, { engine, timing }: Variant): Platform | undefined {
  const { harts, quantum = 'exact', hasFloats = false } = shape;
  const engines = knownEngines();
  const set = [
    ...(engines.length > 1 ? [`engine=${engine}`] : []),
    ...(timing === 'none' ? ['harts.timing=none'] : []),
    ...(hasFloats ? ['harts.isa=rv64imafd_zicsr_zifencei_h'] : []),
    ...(quantum === 'exact' ? [] : [`quantum=${quantum}`]),
  ];
  try {
    return loadPlatform(inProject(filesOf(timing)[harts]), { set });
  } catch (error) {
    if (error instanceof DvlabError) return undefined;
    throw error;
  }
}

function filesOf(timing: string): Platforms {
  if (timing === 'rocket-rtl') return platformsInStages;
  return timing === 'rocket-rtl-rules' ? platformsWithCaches : platforms;
}

/** As `platformOf`, for variants that are sure to be there. */
export function machineOf(shape: MachineShape, variant = defaultVariant()): Platform {
  const platform = platformOf(shape, variant);
  if (platform === undefined)
    throw new Error(`${variant.engine} ${variant.timing} has no platform`);
  return platform;
}
