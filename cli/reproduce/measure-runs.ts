import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { DvlabError } from '../../platforms/index.ts';
import { orderImages } from '../build/build-images.ts';
import { guestFolder, type ImageFolder } from '../build/image-catalog.ts';
import { threadFile } from '../bundled.ts';
import type { Output } from '../output.ts';
import { stackOf } from '../run/stack-kinds.ts';
import { processors, Slots } from '../slots.ts';
import { platformOf, type GuestMeasurement, type GuestRun } from './measure-guest.ts';
import type { MeasureAnswer } from './measure-worker.ts';

/**
 * Measures runs, in threads, as many at a time as there are processors; the results are in the given order and the same as
 * one by one. A run begins once its images are there, while those of others are compiled.
 */
export async function measureRuns(
  runs: readonly GuestRun[],
  output: Output,
  most = availableParallelism(),
): Promise<readonly GuestMeasurement[]> {
  // what is wrong with a platform is said before anything is built or run
  for (const run of runs) platformOf(run);
  const images = await orderImages([...new Set(runs.flatMap(foldersOf))], output);
  const threads = new Slots(most);
  const workers: Worker[] = [];
  // a thread that goes on with the next run has loaded the program already
  const idle: Worker[] = [];
  const measure = async (run: GuestRun): Promise<GuestMeasurement> => {
    for (const folder of foldersOf(run)) await images.get(folder)?.building;
    return threads.run(() =>
      processors.run(async () => {
        const worker = idle.pop() ?? startWorker(workers);
        const measurement = await measureIn(worker, run);
        idle.push(worker);
        return measurement;
      }),
    );
  };
  const measured = await Promise.allSettled(runs.map(measure));
  await Promise.all(workers.map((worker) => worker.terminate()));
  return measured.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

function foldersOf({ stack, guest }: GuestRun): ImageFolder[] {
  return [...stackOf(stack).folders, guestFolder(guest)];
}

function startWorker(workers: Worker[]): Worker {
  const worker = new Worker(threadFile('reproduce/measure-worker.js'));
  workers.push(worker);
  return worker;
}

async function measureIn(worker: Worker, run: GuestRun): Promise<GuestMeasurement> {
  const answered = once(worker, 'message') as Promise<[MeasureAnswer]>;
  worker.postMessage(run);
  const [answer] = await answered;
  if ('measurement' in answer) return answer.measurement;
  throw new DvlabError([answer.refusal]);
}
