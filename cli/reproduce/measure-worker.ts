import { parentPort } from 'node:worker_threads';
import { DvlabError, type Diagnostic } from '../../platforms/index.ts';
import { measureGuest, type GuestMeasurement, type GuestRun } from './measure-guest.ts';

/** What a thread answers to a run: the measurement, or why there is none. */
export type MeasureAnswer =
  | { readonly measurement: GuestMeasurement }
  | { readonly refusal: Pick<Diagnostic, 'code' | 'message' | 'help'> };

const silent = { result: () => undefined, remark: () => undefined, isTerminal: false };

parentPort?.on('message', (run: GuestRun) => {
  void answer(run);
});

async function answer(run: GuestRun): Promise<void> {
  const value = await measure(run);
  parentPort?.postMessage(value);
}

async function measure(run: GuestRun): Promise<MeasureAnswer> {
  try {
    return { measurement: await measureGuest(run, silent) };
  } catch (error) {
    if (!(error instanceof DvlabError)) throw error;
    const [first] = error.diagnostics;
    if (first === undefined) throw error;
    // where it stands in a file does not travel between threads; the platform itself was found sound before
    return { refusal: { code: first.code, message: first.message, help: first.help } };
  }
}
