import { DvlabError, loadPlatform, readElf, run, type Platform } from '../../platforms/index.ts';
import { markLabels } from '../../platforms/boot/labels.ts';
import { platformPath } from '../bundled.ts';
import type { Output } from '../output.ts';
import { reportEnd } from '../run/report-end.ts';
import { bootSoftware } from '../run/software.ts';
import { defaultMaxCycles } from '../run/run-options.ts';
import { stackOf } from '../run/stack-kinds.ts';
import { meanOf, type Measured } from './measurement.ts';
import { StepMeter } from './step-meter.ts';

/** A run of a guest under a stack, and the operations that are measured in it. */
export interface GuestRun {
  readonly platform: string;
  /** What is changed of the platform. */
  readonly set: readonly string[];
  /** The stack of `dvlab run`. */
  readonly stack: string;
  readonly guest: string;
  /** The guest's command line. */
  readonly append: string;
  /** The guest's virtio devices; none if absent. */
  readonly devices?: string;
  readonly vcpus: number;
  /** Bytes. */
  readonly memory: number;
  /** Labels with which the guest begins an operation. */
  readonly operations: readonly string[];
  /** Those of them whose number is the sender's round trip, not a window of the hypervisor. */
  readonly roundTrips: readonly string[];
}

/** What was measured in it. */
export interface GuestMeasurement {
  readonly platform: string;
  readonly timing: string;
  readonly operations: ReadonlyMap<string, Measured>;
}

/** The machine of a run. */
export function platformOf({ platform, set, stack, append }: GuestRun): Platform {
  const bare = stackOf(stack).hasVirtualMachine ? [] : [`bootArguments='${append}'`];
  return loadPlatform(platformPath(platform), { set: [...set, ...bare] });
}

/** Runs a guest under a stack, and divides what it does into steps. */
export async function measureGuest(guestRun: GuestRun, output: Output): Promise<GuestMeasurement> {
  const { set, stack, guest, append, devices, vcpus, memory } = guestRun;
  const platform = platformOf(guestRun);
  const { boot, images } = await bootSoftware(
    platform,
    {
      ...{ stack, guest, set, vcpus, append, memory, maxCycles: defaultMaxCycles },
      ...(devices !== undefined && { devices }),
    },
    output,
  );
  const booted = boot(platform);
  const { machine } = booted;
  for (const { name, bytes } of Object.values(images)) {
    const mode = modeOf(name, guestRun);
    if (mode !== undefined) markLabels(machine, mode, readElf(name, bytes).symbols);
  }
  const meters = machine.harts.map((hart) => new StepMeter(hart, guestRun.operations));
  const steps = run(machine, { cycles: defaultMaxCycles });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const report = reportEnd(step.value, { booted, engines: undefined });
  if (report.status !== 0) {
    const message = `the guest '${guest}' of ${stack} did not pass on ${platform.name}: ${report.text}`;
    const help = `dvlab run --guest ${guest}`;
    throw new DvlabError([{ code: 'E-RUN-006', message, help }]);
  }
  const operations = new Map<string, Measured>();
  for (const [index, meter] of meters.entries()) {
    const tree = machine.harts[index]?.account.tree;
    for (const name of guestRun.operations) {
      const sum = meter.sums.get(name);
      if (tree === undefined || sum === undefined) continue;
      operations.set(name, meanOf(sum, tree, guestRun.roundTrips.includes(name)));
    }
  }
  const { timing } = platform.harts;
  return { platform: platform.name, timing: timing.name, operations };
}

/** Where an image's code runs. */
function modeOf(image: string, { guest, stack }: GuestRun): 'HS' | 'U' | 'VS' | undefined {
  if (image === 'sw/host') return 'HS';
  const { folders, hasVirtualMachine } = stackOf(stack);
  if (hasVirtualMachine && image === folders.at(-1)) return 'U';
  if (image !== `sw/guest/${guest}`) return undefined;
  return hasVirtualMachine ? 'VS' : 'HS';
}
