import {
  type Boots,
  type Booted,
  type Divergence,
  DvlabError,
  engineNames,
  type Platform,
  run,
  type RunEnd,
  type RunLimits,
  runInLockstep,
} from '../../platforms/index.ts';
import { suggestName } from '../../platforms/source/nearest-name.ts';
import type { Checkpoints } from './checkpoints.ts';
import { typing } from './console-input.ts';
import type { Engines } from './report-divergence.ts';
import type { RunOptions } from './run-options.ts';

/** A run that has not begun. */
export interface PreparedRun {
  readonly booted: Booted;
  /** Runs it, and may stop now and then. */
  readonly steps: Generator<undefined, RunEnd | Divergence>;
  /** What is compared, if the run is checked. */
  readonly engines: Engines | undefined;
}

/** What an engine is checked against unless that is said: the next simpler one. */
const simpler: Readonly<Record<string, string>> = {
  translator: 'interpreter',
  interpreter: 'oracle',
  oracle: 'interpreter',
};

/** Boots a machine, and with `--check` prepares to run another one beside it on a different engine. */
export function prepareRun(
  platform: Platform,
  options: RunOptions,
  bootFresh: (platform: Platform) => Booted,
  checkpoints: Checkpoints,
): PreparedRun {
  const { check, maxCycles, maxInstructions } = options;
  const limits: RunLimits = { cycles: maxCycles, instructions: maxInstructions };
  const subject = platform.engine === 'auto' ? 'translator' : platform.engine;
  const reference = check === undefined ? undefined : referenceFor(subject, check);
  const boot = checkpoints.restoring(typing(options.input, bootFresh));
  const booted = boot(platform);
  const { machine } = booted;
  if (reference === undefined)
    return {
      booted,
      steps: run(machine, limits, checkpoints.halts(machine)),
      engines: undefined,
    };
  const boots: Boots = {
    subject: () => boot(platform),
    reference: () => boot({ ...platform, engine: reference }),
  };
  const steps = runInLockstep(booted, boots, limits);
  return { booted, steps, engines: { subject, reference } };
}

/** The engine of the reference; it must be another one. */
function referenceFor(subject: string, check: string | true): Platform['engine'] {
  const name = check === true ? simpler[subject] : check;
  const known = engineNames.filter((engine) => engine !== 'auto');
  const engine = known.find((candidate) => candidate === name);
  if (engine === subject)
    throw badCheck(`--check ${engine} compares the engine ${engine} with itself`);
  if (engine !== undefined) return engine;
  throw badCheck(`unknown engine '${String(name)}': ${suggestName(String(name), known)}`);
}

function badCheck(message: string): DvlabError {
  return new DvlabError([{ code: 'E-USE-007', message, help: 'dvlab run --help' }]);
}
