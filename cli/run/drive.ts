import { setImmediate } from 'node:timers/promises';
import type { Divergence, RunEnd } from '../../platforms/index.ts';
import type { Output } from '../output.ts';
import type { PreparedRun } from './check-against.ts';
import { ConsoleWriter } from './console-writer.ts';
import { ProgressLine } from './progress-line.ts';

/** How a run ended, the user's own signals included. */
export type DriveEnd =
  RunEnd | Divergence | { readonly kind: 'signal'; readonly signal: 'SIGINT' | 'SIGTERM' };

/** A finished run, with what it took. */
export interface Driven {
  readonly end: DriveEnd;
  /** Everything that software wrote to its consoles. */
  readonly console: Uint8Array;
  /** Wall-clock milliseconds. */
  readonly elapsed: number;
}

/** Runs a machine to its end, its console on standard output and its progress on standard error. */
export async function drive(
  { booted: { machine }, steps }: PreparedRun,
  output: Output,
): Promise<Driven> {
  const progress = new ProgressLine(machine, output);
  const console = new ConsoleWriter(
    machine,
    () => {
      progress.clear();
    },
    output,
  );
  let signal: 'SIGINT' | 'SIGTERM' | undefined;
  const onSignal = (received: NodeJS.Signals): void => {
    signal = received === 'SIGINT' ? 'SIGINT' : 'SIGTERM';
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    for (;;) {
      const step = steps.next();
      console.flush();
      const end: DriveEnd | undefined =
        step.done === true ? step.value : signal && { kind: 'signal', signal };
      if (end !== undefined) {
        progress.clear();
        return { end, console: console.bytes, elapsed: progress.elapsed };
      }
      progress.update();
      await setImmediate();
    }
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
