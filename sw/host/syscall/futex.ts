import { lw } from '../../shared/rv.ts';
import {
  EAGAIN,
  EFAULT,
  EINVAL,
  ENOSYS,
  ETIMEDOUT,
  FUTEX_BITSET_MATCH_ANY,
  FUTEX_PRIVATE_FLAG,
  FUTEX_WAIT,
  FUTEX_WAIT_BITSET,
  FUTEX_WAKE,
} from '../../shared/syscalls.ts';
import { now } from '../clock.ts';
import { Hart } from '../hart.ts';
import { userToPhysical } from '../memory/address-space.ts';
import { PTE_READ } from '../memory/page-table.ts';
import { FOREVER, Thread, threadLimit, THREAD_WAITING, threadAt } from '../process/thread.ts';
import { sleepUntil, wake } from '../scheduler.ts';
import { readDuration } from './time-calls.ts';

/** Wakes up to `limit` threads that wait for the futex at a physical address; returns how many. */
export function wakeFutex(hart: Hart, word: usize, limit: u64): u64 {
  let count: u64 = 0;
  for (let i: u64 = 0; i < threadLimit && count < limit; i++) {
    const thread = threadAt(i);
    if (thread.state != THREAD_WAITING || thread.futex != word) continue;
    wake(thread, hart);
    count++;
  }
  return count;
}

function wait(hart: Hart, thread: Thread, word: usize, start: u64): i64 {
  if (lw(word, 0) != <i32>thread.a2) return -EAGAIN;
  let deadline = FOREVER;
  if (thread.a3 != 0) {
    const duration = readDuration(thread.process, thread.a3);
    if (duration < 0) return duration;
    deadline = start + <u64>duration;
    if (deadline <= now()) return -ETIMEDOUT;
  }
  thread.futex = word;
  sleepUntil(hart, thread, deadline, -ETIMEDOUT);
  return 0;
}

/** futex(address, operation, value, timeout): waiters are found by physical address, so any mapping of the word will do. */
export function callFutex(hart: Hart, thread: Thread): i64 {
  const operation = thread.a1 & ~FUTEX_PRIVATE_FLAG;
  if ((thread.a0 & 3) != 0) return -EINVAL;
  const word = userToPhysical(thread.process, thread.a0, PTE_READ);
  if (word == 0) return -EFAULT;
  if (operation == FUTEX_WAIT) return wait(hart, thread, word, now());
  if (operation == FUTEX_WAIT_BITSET) {
    if ((thread.a5 & FUTEX_BITSET_MATCH_ANY) != FUTEX_BITSET_MATCH_ANY) return -EINVAL;
    return wait(hart, thread, word, 0);
  }
  if (operation == FUTEX_WAKE) return <i64>wakeFutex(hart, word, thread.a2);
  return -ENOSYS;
}
