import {
  EFAULT,
  ENOSYS,
  SYS_CLOCK_GETTIME,
  SYS_CLONE,
  SYS_CLOSE,
  SYS_EXIT,
  SYS_EXIT_GROUP,
  SYS_FUTEX,
  SYS_GETCPU,
  SYS_GETPID,
  SYS_GETRANDOM,
  SYS_GETTID,
  SYS_IOCTL,
  SYS_KILL,
  SYS_LSEEK,
  SYS_MMAP,
  SYS_MUNMAP,
  SYS_NANOSLEEP,
  SYS_OPENAT,
  SYS_PREAD64,
  SYS_PWRITE64,
  SYS_READ,
  SYS_SCHED_GETAFFINITY,
  SYS_SCHED_SETAFFINITY,
  SYS_SCHED_YIELD,
  SYS_WRITE,
} from '../../shared/syscalls.ts';
import { Hart } from '../hart.ts';
import { putWord } from '../memory/user-memory.ts';
import { endProcess, endThread } from '../process/ending.ts';
import { Thread } from '../process/thread.ts';
import { getAffinity, setAffinity } from './affinity.ts';
import { cloneThread } from './clone.ts';
import { callTransfer } from './disk-calls.ts';
import { callClose, callIoctl, callOpenat, callRead, callSeek, callWrite } from './file-calls.ts';
import { callFutex } from './futex.ts';
import { callKill } from './kill.ts';
import { callMmap, callMunmap } from './memory-calls.ts';
import { callGetrandom } from './random-call.ts';
import { callClockGettime, callNanosleep } from './time-calls.ts';

/** Length of ecall. */
const ECALL_BYTES: u64 = 4;

function getCpu(thread: Thread): i64 {
  const process = thread.process;
  if (thread.a0 != 0 && !putWord(process, thread.a0, <u32>thread.runsOn.id)) return -EFAULT;
  if (thread.a1 != 0 && !putWord(process, thread.a1, 0)) return -EFAULT;
  return 0;
}

function yieldHart(hart: Hart): i64 {
  hart.timeIsUp = 1;
  return 0;
}

function perform(hart: Hart, thread: Thread): i64 {
  switch (<u32>thread.a7) {
    case <u32>SYS_READ:
      return callRead(hart, thread);
    case <u32>SYS_WRITE:
      return callWrite(hart, thread);
    case <u32>SYS_FUTEX:
      return callFutex(hart, thread);
    case <u32>SYS_IOCTL:
      return callIoctl(hart, thread);
    case <u32>SYS_SCHED_YIELD:
      return yieldHart(hart);
    case <u32>SYS_NANOSLEEP:
      return callNanosleep(hart, thread);
    case <u32>SYS_CLOCK_GETTIME:
      return callClockGettime(thread);
    case <u32>SYS_MMAP:
      return callMmap(thread);
    case <u32>SYS_MUNMAP:
      return callMunmap(hart, thread);
    case <u32>SYS_OPENAT:
      return callOpenat(thread);
    case <u32>SYS_CLOSE:
      return callClose(thread);
    case <u32>SYS_LSEEK:
      return callSeek(thread);
    case <u32>SYS_CLONE:
      return cloneThread(hart, thread);
    case <u32>SYS_SCHED_SETAFFINITY:
      return setAffinity(hart, thread);
    case <u32>SYS_SCHED_GETAFFINITY:
      return getAffinity(thread);
    case <u32>SYS_PREAD64:
      return callTransfer(hart, thread, false);
    case <u32>SYS_PWRITE64:
      return callTransfer(hart, thread, true);
    case <u32>SYS_GETRANDOM:
      return callGetrandom(thread);
    case <u32>SYS_GETCPU:
      return getCpu(thread);
    case <u32>SYS_KILL:
      return callKill(hart, thread);
    case <u32>SYS_GETPID:
      return <i64>thread.process.id;
    case <u32>SYS_GETTID:
      return <i64>thread.id;
    default:
      return -ENOSYS;
  }
}

/** A system call of `thread`: the result goes to a0, the thread goes on behind the ecall. */
export function systemCall(hart: Hart, thread: Thread): void {
  const call = thread.a7;
  if (call == SYS_EXIT) {
    if (thread.process.threadCount == 1) endProcess(hart, thread.process, thread.a0 & 0xff);
    else endThread(hart, thread);
    return;
  }
  if (call == SYS_EXIT_GROUP) {
    endProcess(hart, thread.process, thread.a0 & 0xff);
    return;
  }
  thread.pc += ECALL_BYTES;
  thread.a0 = <u64>perform(hart, thread);
}
