import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { threadFile } from '../bundled.ts';
import { processors } from '../slots.ts';
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

/** Processes that have loaded the compiler and have nothing to build. */
const idle: ChildProcess[] = [];
let orderCount = 0;

/** Has an image built by a process of its own. A process that has loaded the compiler goes on with the next image. */
export async function buildInProcess(folder: ImageFolder): Promise<BuildAnswer> {
  orderCount += 1;
  try {
    return await processors.run(async () => {
      const child = idle.pop() ?? startProcess();
      const answered = await answer(child, folder);
      idle.push(child);
      return answered;
    });
  } finally {
    orderCount -= 1;
    if (orderCount === 0) for (const child of idle.splice(0)) child.disconnect();
  }
}

function startProcess(): ChildProcess {
  const version = Number.parseInt(process.versions.v8);
  return fork(fileURLToPath(threadFile('build/build-process.js')), {
    execArgv: knowing.includes(version) ? shortLived : [],
    serialization: 'advanced',
  });
}

function answer(child: ChildProcess, folder: ImageFolder): Promise<BuildAnswer> {
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
