import { copyBytes } from '../../shared/bytes.ts';
import { Registers } from '../../shared/registers.ts';
import {
  CLONE_CHILD_CLEARTID,
  CLONE_CHILD_SETTID,
  CLONE_PARENT_SETTID,
  CLONE_SETTLS,
  CLONE_THREAD,
  CLONE_VM,
  EAGAIN,
  EFAULT,
  EINVAL,
} from '../../shared/syscalls.ts';
import { Hart } from '../hart.ts';
import { putWord } from '../memory/user-memory.ts';
import { makeThread } from '../process/making.ts';
import { Thread } from '../process/thread.ts';
import { wake } from '../scheduler.ts';

/** clone(flags, stack, parent_tid, tls, child_tid): a new thread of the same process, a copy of the caller but for a0, sp and tp. */
export function cloneThread(hart: Hart, thread: Thread): i64 {
  const flags = thread.a0;
  const required = CLONE_VM | CLONE_THREAD;
  if ((flags & required) != required || thread.a1 == 0) return -EINVAL;
  const child = makeThread(thread.process, thread.affinity);
  if (child === null) return -EAGAIN;
  copyBytes(changetype<usize>(child), changetype<usize>(thread), offsetof<Registers>());
  child.pc = thread.pc;
  child.a0 = 0;
  child.sp = thread.a1;
  if ((flags & CLONE_SETTLS) != 0) child.tp = thread.a3;
  if ((flags & CLONE_CHILD_CLEARTID) != 0) child.clearAtEnd = thread.a4;
  const id = <u32>child.id;
  wake(child, hart);
  if ((flags & CLONE_PARENT_SETTID) != 0 && !putWord(thread.process, thread.a2, id)) return -EFAULT;
  if ((flags & CLONE_CHILD_SETTID) != 0 && !putWord(thread.process, thread.a4, id)) return -EFAULT;
  return <i64>id;
}
