import { DvlabError, loadPlatform, readElf, run, type Platform } from '../../platforms/index.ts';
import { markLabels } from '../../platforms/boot/labels.ts';
import { platformPath } from '../bundled.ts';
import type { Output } from '../output.ts';
import { reportEnd } from '../run/report-end.ts';
import { bootSoftware } from '../run/software.ts';
import { defaultMaxCycles } from '../run/run-options.ts';
import { figureStacks, type FigureStack } from './figure-stacks.ts';
import { meanOf, type Measured } from './measurement.ts';
import { operations as all, roundTrips } from './paper.ts';
import { StepMeter } from './step-meter.ts';

/** What is measured, and on which machine. */
export interface MeasureOptions {
  readonly platform: string;
  readonly set: readonly string[];
  readonly iterations: number;
}

/** One stack's part of the figure. */
export interface StackMeasurement {
  readonly stack: FigureStack;
  readonly platform: string;
  readonly timing: string;
  readonly operations: ReadonlyMap<string, Measured>;
}

/** The guest of the micro-benchmarks. */
export const guest = 'micro';
const pageBytes = 4096;
const megapageBytes = 0x20_0000;
const operationNames = all.map(({ name }) => name);
/** Guest memory besides the fresh pages: the guest's image below them, its device tree above. */
const otherBytes = 0x80_0000;

/** The machine, as the stack wants it. */
export function platformOf(
  stack: FigureStack,
  { platform, set, iterations }: MeasureOptions,
): Platform {
  const bare = stack === 'native' ? [`bootArguments='${String(iterations)}'`] : [];
  return loadPlatform(platformPath(platform), {
    set: [...set, ...figureStacks[stack].set, ...bare],
  });
}

/** Runs the guest of the micro-benchmarks under a stack, and divides what it does into steps. */
export async function measureStack(
  stack: FigureStack,
  options: MeasureOptions,
  output: Output,
): Promise<StackMeasurement> {
  const platform = platformOf(stack, options);
  const isVirtual = stack !== 'native';
  const { iterations, set } = options;
  const freshBytes = Math.ceil((iterations * pageBytes) / megapageBytes) * megapageBytes;
  const { boot, images } = await bootSoftware(
    platform,
    {
      ...{ stack: figureStacks[stack].stack, guest, set },
      // a receiver on the sender's own hart would wait for its time slice
      vcpus: Math.min(2, platform.harts.count),
      append: String(iterations),
      memory: freshBytes + otherBytes,
      maxCycles: defaultMaxCycles,
    },
    output,
  );
  const booted = boot(platform);
  const { machine } = booted;
  for (const { name, bytes } of Object.values(images)) {
    const mode = modeOf(name, isVirtual);
    if (mode !== undefined) markLabels(machine, mode, readElf(name, bytes).symbols);
  }
  const meters = machine.harts.map((hart) => new StepMeter(hart, operationNames));
  const steps = run(machine, { cycles: defaultMaxCycles });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const report = reportEnd(step.value, { booted, engines: undefined });
  if (report.status !== 0) {
    const message = `the guest of ${stack} did not pass on ${platform.name}: ${report.text}`;
    throw new DvlabError([{ code: 'E-RUN-006', message, help: 'dvlab run --guest micro' }]);
  }
  const operations = new Map<string, Measured>();
  for (const [index, meter] of meters.entries()) {
    const tree = machine.harts[index]?.account.tree;
    for (const { name } of all) {
      const sum = meter.sums.get(name);
      if (tree === undefined || sum === undefined) continue;
      operations.set(name, meanOf(sum, tree, roundTrips.includes(name)));
    }
  }
  const { timing } = platform.harts;
  return { stack, platform: platform.name, timing: timing.name, operations };
}

/** Where an image's code runs. */
function modeOf(image: string, isVirtual: boolean): 'HS' | 'U' | 'VS' | undefined {
  if (image === 'sw/host') return 'HS';
  if (image === 'sw/duvisor' || image === 'sw/kvm-vmm') return 'U';
  if (image !== `sw/guest/${guest}`) return undefined;
  return isVirtual ? 'VS' : 'HS';
}
