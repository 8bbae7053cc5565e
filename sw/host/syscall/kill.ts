import { EINVAL, EPERM, ESRCH, SIGKILL } from '../../shared/syscalls.ts';
import { Hart } from '../hart.ts';
import { endProcess } from '../process/ending.ts';
import { processById } from '../process/process.ts';
import { Thread } from '../process/thread.ts';

/** kill(process, signal): the harts that run the process are interrupted, so that it ends wherever it is at user level or in a guest. */
export function callKill(hart: Hart, thread: Thread): i64 {
  const signal = thread.a1;
  if (signal != 0 && signal != SIGKILL) return -EINVAL;
  const process = processById(thread.a0);
  if (process === null) return -ESRCH;
  if (process != thread.process && thread.process.mayEndOthers == 0) return -EPERM;
  if (signal != 0) endProcess(hart, process, 128 + SIGKILL);
  return 0;
}
