import { CLOCK_MONOTONIC, EFAULT, EINVAL, Timespec } from '../../shared/syscalls.ts';
import { nanosecondsOf, now, toTicks } from '../clock.ts';
import { Hart } from '../hart.ts';
import { ticksPerSecond } from '../machine.ts';
import { copyIn, copyOut } from '../memory/user-memory.ts';
import { Process } from '../process/process.ts';
import { Thread } from '../process/thread.ts';
import { sleepUntil } from '../scheduler.ts';

const spec = changetype<Timespec>(memory.data(offsetof<Timespec>(), 8));

/** Longest duration that counts, so that nothing overflows. */
const MOST_SECONDS: i64 = 1 << 30;

/** A duration that the process gave, in units of `time`, or a negative error number. */
export function readDuration(process: Process, address: u64): i64 {
  if (!copyIn(process, changetype<usize>(spec), address, offsetof<Timespec>())) return -EFAULT;
  if (spec.seconds < 0 || <u64>spec.nanoseconds >= 1_000_000_000) return -EINVAL;
  const seconds = spec.seconds < MOST_SECONDS ? spec.seconds : MOST_SECONDS;
  return <i64>toTicks(<u64>seconds, <u64>spec.nanoseconds);
}

/** nanosleep(request, remainder): sleeps to the end, there are no signals to cut it short. */
export function callNanosleep(hart: Hart, thread: Thread): i64 {
  const duration = readDuration(thread.process, thread.a0);
  if (duration < 0) return duration;
  sleepUntil(hart, thread, now() + <u64>duration, 0);
  return 0;
}

/** clock_gettime(clock, timespec). */
export function callClockGettime(thread: Thread): i64 {
  if (thread.a0 > CLOCK_MONOTONIC) return -EINVAL;
  const time = now();
  spec.seconds = <i64>(time / ticksPerSecond);
  spec.nanoseconds = <i64>nanosecondsOf(time);
  const source = changetype<usize>(spec);
  return copyOut(thread.process, thread.a1, source, offsetof<Timespec>()) ? 0 : -EFAULT;
}
