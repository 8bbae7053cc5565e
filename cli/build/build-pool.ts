import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { threadFile } from '../bundled.ts';
import type { BuildAnswer } from './build-process.ts';
import type { ImageFolder } from './image-catalog.ts';

/**
 * How V8 runs a compiler that is over in seconds: its own optimising compiler takes longer for the optimiser's
 * WebAssembly than that takes unoptimised, and for most of the JavaScript too, and its collector looks at little garbage
 * often. A budget is in bytes of bytecode, a size in MiB.
 */
const shortLived = ['--liftoff-only', '--interrupt-budget=600000', '--min-semi-space-size=16'];
/** Major versions of V8 that know these flags; Node does not start with one that it does not know. */
const knowing = [11, 12, 13];

interface Order {
  readonly folder: ImageFolder;
  readonly resolve: (answer: BuildAnswer) => void;
  readonly reject: (error: unknown) => void;
}

const waiting: Order[] = [];
let processCount = 0;

/** Has an image built by a process of its own, as many at a time as there are processors. A process that has loaded the compiler goes on with the next image. */
export function buildInProcess(folder: ImageFolder): Promise<BuildAnswer> {
  return new Promise((resolve, reject) => {
    waiting.push({ folder, resolve, reject });
    if (processCount < availableParallelism()) void workOff();
  });
}

async function workOff(): Promise<void> {
  processCount += 1;
  const child = startProcess();
  for (let order = waiting.shift(); order !== undefined; order = waiting.shift()) {
    await answer(child, order).then(order.resolve, order.reject);
  }
  processCount -= 1;
  if (child.connected) child.disconnect();
}

function startProcess(): ChildProcess {
  const version = Number.parseInt(process.versions.v8);
  return fork(fileURLToPath(threadFile('build/build-process.js')), {
    execArgv: knowing.includes(version) ? shortLived : [],
    serialization: 'advanced',
  });
}

function answer(child: ChildProcess, { folder }: Order): Promise<BuildAnswer> {
  return new Promise((resolve, reject) => {
    const onEnd = (): void => {
      reject(new Error(`the process that builds ${folder} has ended`));
    };
    child.once('exit', onEnd).once('error', reject);
    child.once('message', (value: BuildAnswer) => {
      child.off('exit', onEnd).off('error', reject);
      resolve(value);
    });
    child.send(folder);
  });
}
