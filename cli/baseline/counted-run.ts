import { loadPlatform, resolvedText, run } from '../../platforms/index.ts';
import { platformPath } from '../bundled.ts';
import type { RecordedRun } from '../compare/recorded-run.ts';
import type { Output } from '../output.ts';
import { reportEnd } from '../run/report-end.ts';
import { defaultMaxCycles } from '../run/run-options.ts';
import { bootSoftware } from '../run/software.ts';
import { statsOf } from '../stats/stats-file.ts';
import type { SuiteRun } from './suite.ts';

/** What a run counted, and what its guest printed. */
export interface CountedRun extends RecordedRun {
  readonly configuration: string;
  readonly console: string;
  /** Why the run counts nothing: it did not pass. */
  readonly failure: string | undefined;
}

/** Makes a run of the suite. */
export async function countRun(
  { name, platform: given, ...wanted }: SuiteRun,
  output: Output,
): Promise<CountedRun> {
  const platform = loadPlatform(platformPath(given), { set: wanted.set });
  const { vcpus, append, devices, ...rest } = wanted;
  const options = {
    ...rest,
    ...(vcpus === undefined ? {} : { vcpus }),
    ...(append === undefined ? {} : { append }),
    ...(devices === undefined ? {} : { devices }),
    maxCycles: defaultMaxCycles,
  };
  const { boot } = await bootSoftware(platform, options, output);
  const booted = boot(platform);
  const { machine } = booted;
  const printed: number[] = [];
  machine.console$.subscribe(({ byte }) => printed.push(byte));
  const steps = run(machine, { cycles: defaultMaxCycles });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const { status, text } = reportEnd(step.value, { booted, engines: undefined });
  return {
    folder: `${name}, now`,
    stats: statsOf(machine),
    configuration: withoutOrigins(resolvedText(machine.platform)),
    console: new TextDecoder().decode(Uint8Array.from(printed)),
    failure: status === 0 ? undefined : text,
    functions: undefined,
    exitCycles: undefined,
  };
}

/** Where in which file a value was set is no part of what it is. */
function withoutOrigins(text: string): string {
  return text.replaceAll(/ # .*$/gm, '');
}
