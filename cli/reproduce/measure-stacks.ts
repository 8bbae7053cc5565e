import { loadPlatform } from '../../platforms/index.ts';
import { platformPath } from '../bundled.ts';
import type { Output } from '../output.ts';
import { figureStacks, type FigureStack } from './figure-stacks.ts';
import type { GuestMeasurement, GuestRun } from './measure-guest.ts';
import { measureRuns } from './measure-runs.ts';
import { operations, roundTrips } from './paper.ts';

/** What of figure 6 is measured, and on which machine. */
export interface MeasureOptions {
  readonly platform: string;
  readonly set: readonly string[];
  readonly iterations: number;
}

/** One stack's part of figure 6. */
export interface StackMeasurement extends GuestMeasurement {
  readonly stack: FigureStack;
}

const pageBytes = 4096;
const megapageBytes = 0x20_0000;
/** Guest memory besides the fresh pages: the guest's image below them, its device tree above. */
const otherBytes = 0x80_0000;

/** Measures the operations of figure 6 under stacks, in the given order. */
export async function measureStacks(
  names: readonly FigureStack[],
  options: MeasureOptions,
  output: Output,
): Promise<readonly StackMeasurement[]> {
  const runs = names.map((name) => runOf(name, options));
  const measured = await measureRuns(runs, output);
  return names.flatMap((stack, index) => {
    const measurement = measured[index];
    return measurement === undefined ? [] : [{ stack, ...measurement }];
  });
}

function runOf(name: FigureStack, { platform, set, iterations }: MeasureOptions): GuestRun {
  const { stack, set: own } = figureStacks[name];
  const changes = [...set, ...own];
  const { harts } = loadPlatform(platformPath(platform), { set: changes });
  const freshBytes = Math.ceil((iterations * pageBytes) / megapageBytes) * megapageBytes;
  return {
    ...{ platform, stack, set: changes, guest: 'micro', append: String(iterations) },
    // a receiver on the sender's own hart would wait for its time slice
    vcpus: Math.min(2, harts.count),
    memory: freshBytes + otherBytes,
    operations: operations.map((operation) => operation.name),
    roundTrips,
  };
}
