import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { DvlabError } from '../../platforms/index.ts';
import { buildImages } from '../build/build-images.ts';
import { guestFolder } from '../build/image-catalog.ts';
import type { Output } from '../output.ts';
import { stackOf } from '../run/stack-kinds.ts';
import { figureStacks, type FigureStack } from './figure-stacks.ts';
import { guest, platformOf, type MeasureOptions, type StackMeasurement } from './measure-stack.ts';
import type { MeasureAnswer, MeasureRequest } from './measure-worker.ts';

/** Measures stacks, in threads, as many at a time as there are processors; the results are in the given order and the same as one by one. */
export async function measureStacks(
  names: readonly FigureStack[],
  options: MeasureOptions,
  output: Output,
): Promise<readonly StackMeasurement[]> {
  // what is wrong with a platform is said before anything is built or run
  for (const name of names) platformOf(name, options);
  const folders = names.flatMap((name) => stackOf(figureStacks[name].stack).folders);
  await buildImages([...new Set([...folders, guestFolder(guest)])], output);
  const measured = new Map<FigureStack, StackMeasurement>();
  const queue = [...names];
  // a thread that goes on with the next stack has loaded the program already
  const measureSome = async (): Promise<void> => {
    const worker = new Worker(new URL('./measure-worker.js', import.meta.url));
    try {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        measured.set(name, await measureIn(worker, name, options));
      }
    } finally {
      await worker.terminate();
    }
  };
  const threadCount = Math.min(names.length, availableParallelism());
  await Promise.all(Array.from({ length: threadCount }, measureSome));
  return names.flatMap((name) => measured.get(name) ?? []);
}

async function measureIn(
  worker: Worker,
  stack: FigureStack,
  { platform, set, iterations }: MeasureOptions,
): Promise<StackMeasurement> {
  const request: MeasureRequest = { stack, options: { platform, set, iterations } };
  const answered = once(worker, 'message') as Promise<[MeasureAnswer]>;
  worker.postMessage(request);
  const [answer] = await answered;
  if ('measurement' in answer) return answer.measurement;
  throw new DvlabError([answer.refusal]);
}
