import { EFAULT, EINVAL, ESRCH } from '../../shared/syscalls.ts';
import { Hart, startedHarts } from '../hart.ts';
import { copyIn, putDoubleword } from '../memory/user-memory.ts';
import { Thread, THREAD_READY, THREAD_RUNNING, threadById } from '../process/thread.ts';
import { placeThread, wake } from '../scheduler.ts';
import { sendInterrupt } from '../sbi-client.ts';

const MASK_BYTES: u64 = 8;
const mask: usize = memory.data(8, 8);

function target(thread: Thread): Thread | null {
  if (thread.a0 == 0) return thread;
  const other = threadById(thread.a0);
  return other !== null && other.process == thread.process ? other : null;
}

/** sched_setaffinity(thread, bytes, mask): the thread moves at once if its hart is not among the new ones. */
export function setAffinity(hart: Hart, thread: Thread): i64 {
  const other = target(thread);
  if (other === null) return -ESRCH;
  const bytes = thread.a1 < MASK_BYTES ? thread.a1 : MASK_BYTES;
  store<u64>(mask, 0);
  if (!copyIn(thread.process, mask, thread.a2, bytes)) return -EFAULT;
  const wanted = load<u64>(mask) & startedHarts;
  if (wanted == 0) return -EINVAL;
  other.affinity = wanted;
  if (((wanted >> other.hart.id) & 1) != 0) return 0;
  placeThread(other);
  // a ready thread's new hart may idle; a running one is passed on by the hart that runs it
  if (other.state == THREAD_READY) wake(other, hart);
  else if (other.state == THREAD_RUNNING && other.runsOn != hart) {
    sendInterrupt(1 << other.runsOn.id);
  }
  return 0;
}

/** sched_getaffinity(thread, bytes, mask) → bytes of the mask. */
export function getAffinity(thread: Thread): i64 {
  const other = target(thread);
  if (other === null) return -ESRCH;
  if (thread.a1 < MASK_BYTES) return -EINVAL;
  const harts = other.affinity & startedHarts;
  return putDoubleword(thread.process, thread.a2, harts) ? <i64>MASK_BYTES : -EFAULT;
}
