import { bootBare, run, type NamedFile, type Platform } from '../../platforms/index.ts';
import { threadSeconds } from './thread-time.ts';

/** What a machine did in a stretch of time. */
export interface Sample {
  readonly instructions: number;
  /** On the processor, main thread only. */
  readonly seconds: number;
}

/** How long a sample takes. */
export interface Window {
  /** Seconds on the processor that the machine runs before the window opens; 0 measures from the first instruction. */
  readonly warmUp: number;
  /** Seconds on the processor of the window. */
  readonly length: number;
}

/** Runs a program for ever, and measures a window of that, behind set-up and first iteration unless there is no warm-up. */
export function takeSample(platform: Platform, program: NamedFile, window: Window): Sample {
  const { machine, symbols } = bootBare(platform, program);
  const address = Number(symbols.addressOf('done') ?? 0n);
  const steps = run(machine, { cycles: Number.MAX_SAFE_INTEGER });
  const advance = (): void => {
    const step = steps.next();
    if (step.done === true) throw new Error(`${program.name} ended: ${JSON.stringify(step.value)}`);
  };
  if (window.warmUp > 0) {
    while (machine.bus.read(address, 8) === 0n) advance();
    runFor(window.warmUp, advance);
  }
  const before = { instructions: machine.instructionCount, seconds: threadSeconds() };
  runFor(window.length, advance);
  return {
    instructions: machine.instructionCount - before.instructions,
    seconds: threadSeconds() - before.seconds,
  };
}

/** Milliseconds between two looks at the thread's time, which is dear to ask for. */
const lookEvery = 5;

/** Runs a machine until the thread has spent so many seconds on a processor, however long that takes. */
function runFor(seconds: number, advance: () => void): void {
  const end = threadSeconds() + seconds;
  let lookAt = performance.now() + lookEvery;
  for (;;) {
    advance();
    const now = performance.now();
    if (now < lookAt) continue;
    if (threadSeconds() >= end) return;
    lookAt = now + lookEvery;
  }
}
