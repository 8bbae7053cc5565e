import { Hart } from '../host/hart.ts';
import {
  Thread,
  threadAt,
  threadLimit,
  THREAD_FREE,
  THREAD_WAITING,
} from '../host/process/thread.ts';
import { wake } from '../host/scheduler.ts';
import { isAwaited, unwatch } from './posting.ts';

/** A thread that something else has woken by now only needs its watch taken back: it would raise the line for ever. */
function resume(thread: Thread, hart: Hart): void {
  const vcpu = thread.vcpu;
  if (vcpu === null || !isAwaited(vcpu)) return;
  unwatch(vcpu);
  if (thread.state == THREAD_WAITING) wake(thread, hart);
}

/** The posted-interrupt unit has recorded something for a vCPU whose thread waits: the thread goes on. */
export function onPostedNotification(hart: Hart): void {
  for (let i: u64 = 0; i < threadLimit; i++) {
    const thread = threadAt(i);
    if (thread.state != THREAD_FREE) resume(thread, hart);
  }
}
