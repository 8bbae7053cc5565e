import { bootBare, loadPlatform, run, type MeasuredRegion } from '../../platforms/index.ts';
import { readFile } from '../read-file.ts';
import {
  TraceFollower,
  type Divergence,
  type TraceComparison,
  type TraceLine,
} from './retire-trace.ts';

/** What running one program gave. */
export interface ProgramMeasurement {
  readonly regions: readonly MeasuredRegion[];
  /** How the run ended; `passed` is the only good way. */
  readonly end: string;
  readonly trace: (TraceComparison & { readonly divergences: readonly Divergence[] }) | undefined;
}

/** What a program runs on, and what its commits are compared with. */
export interface MeasureOptions {
  readonly platform: string;
  readonly set: readonly string[];
  readonly maxCycles: number;
  readonly trace: readonly TraceLine[] | undefined;
  readonly divergences: number;
}

/** Runs a program that measures itself and collects what it reports. */
export function measureProgram(file: string, options: MeasureOptions): ProgramMeasurement {
  const platform = loadPlatform(options.platform, { set: options.set });
  // With an argument harts begin at the entry point and not in the boot ROM, as on the RTL.
  const { machine } = bootBare(platform, readFile(file), [0n]);
  const regions: MeasuredRegion[] = [];
  machine.region$.subscribe((region) => regions.push(region));
  const [hart] = machine.harts;
  const follower = options.trace && new TraceFollower(options.trace, options.divergences);
  if (hart !== undefined && follower !== undefined) {
    hart.onRetire = ({ pc, cycle }) => {
      follower.take(pc, cycle);
    };
    hart.onTrap = ({ pc, cycle, isInterrupt }) => {
      if (!isInterrupt) follower.take(pc, cycle);
    };
  }
  const steps = run(machine, { cycles: options.maxCycles });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const end = step.value;
  const trace = follower && { ...follower.comparison, divergences: follower.divergences };
  return { regions, end: end.kind === 'verdict' ? end.verdict.kind : end.kind, trace };
}
