import { differences } from '../../../hw/hart/index.ts';
import type { Booted } from '../../boot/boot-bare.ts';
import { run, type RunEnd, type RunLimits } from '../run.ts';
import { type Divergence, findDivergence } from './find-divergence.ts';
import { memoryDifferences } from './memory-difference.ts';
import { Side } from './side.ts';

/** How to make the machines that must do the same, as often as they are needed. */
export interface Boots {
  /** The machine that is checked. */
  readonly subject: () => Booted;
  /** The one that it is checked against. */
  readonly reference: () => Booted;
}

/** Slices after which all of memory is compared: it takes as long as some slices. */
const MEMORY_SLICES = 100;
/** Doublewords of memory that are worth watching. */
const MOST_WATCHED = 32;

/**
 * Runs a fresh machine as `run` does, and beside it a reference in the same simulated time. They are compared after every
 * slice, their memories now and then and at the end; at the first difference the run ends with the instruction that makes it.
 */
export function* runInLockstep(
  booted: Booted,
  boots: Boots,
  limits: RunLimits,
): Generator<undefined, RunEnd | Divergence> {
  const steps = run(booted.machine, limits);
  const subject = new Side(booted, limits);
  const reference = new Side(boots.reference(), limits);
  for (let slices = 0; ; slices += 1) {
    const step = steps.next();
    reference.runSlice();
    const isEnd = step.done === true;
    const differ = differences(reference.facts([]), subject.facts([])).length > 0;
    if (differ) return yield* findDivergence({ boots, limits, slices, watched: [] });
    if (isEnd || slices % MEMORY_SLICES === MEMORY_SLICES - 1) {
      const watched = memoryDifferences(reference.machine, subject.machine, MOST_WATCHED);
      if (watched.length > 0) {
        const agreed = yield* agreeingSlices(boots, limits, watched);
        return yield* findDivergence({ boots, limits, slices: agreed, watched });
      }
    }
    if (isEnd) return step.value;
    yield undefined;
  }
}

/** Runs both again and counts the slices after which they agree, doublewords of memory included. */
function* agreeingSlices(
  boots: Boots,
  limits: RunLimits,
  watched: readonly number[],
): Generator<undefined, number> {
  const subject = new Side(boots.subject(), limits);
  const reference = new Side(boots.reference(), limits);
  for (let slices = 0; ; slices += 1) {
    subject.runSlice();
    reference.runSlice();
    if (differences(reference.facts(watched), subject.facts(watched)).length > 0) return slices;
    yield undefined;
  }
}
