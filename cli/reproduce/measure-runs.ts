import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { DvlabError } from '../../platforms/index.ts';
import { buildImages } from '../build/build-images.ts';
import { guestFolder } from '../build/image-catalog.ts';
import { threadFile } from '../bundled.ts';
import type { Output } from '../output.ts';
import { stackOf } from '../run/stack-kinds.ts';
import { platformOf, type GuestMeasurement, type GuestRun } from './measure-guest.ts';
import type { MeasureAnswer } from './measure-worker.ts';

/** Measures runs, in threads, as many at a time as there are processors; the results are in the given order and the same as one by one. */
export async function measureRuns(
  runs: readonly GuestRun[],
  output: Output,
  most = availableParallelism(),
): Promise<readonly GuestMeasurement[]> {
  // what is wrong with a platform is said before anything is built or run
  for (const run of runs) platformOf(run);
  const folders = runs.flatMap(({ stack, guest }) => [
    ...stackOf(stack).folders,
    guestFolder(guest),
  ]);
  await buildImages([...new Set(folders)], output);
  const measured = new Map<GuestRun, GuestMeasurement>();
  const queue = [...runs];
  // a thread that goes on with the next run has loaded the program already
  const measureSome = async (): Promise<void> => {
    const worker = new Worker(threadFile('reproduce/measure-worker.js'));
    try {
      for (let run = queue.shift(); run !== undefined; run = queue.shift()) {
        measured.set(run, await measureIn(worker, run));
      }
    } finally {
      await worker.terminate();
    }
  };
  const threadCount = Math.min(runs.length, most);
  await Promise.all(Array.from({ length: threadCount }, measureSome));
  return runs.flatMap((run) => measured.get(run) ?? []);
}

async function measureIn(worker: Worker, run: GuestRun): Promise<GuestMeasurement> {
  const answered = once(worker, 'message') as Promise<[MeasureAnswer]>;
  worker.postMessage(run);
  const [answer] = await answered;
  if ('measurement' in answer) return answer.measurement;
  throw new DvlabError([answer.refusal]);
}
