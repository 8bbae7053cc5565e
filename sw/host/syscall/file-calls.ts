import {
  EBADF,
  EFAULT,
  EINVAL,
  ENAMETOOLONG,
  ENOTTY,
  ESPIPE,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
} from '../../shared/syscalls.ts';
import { driverRequest } from '../../dv-driver/requests.ts';
import { kvmRequest } from '../../kvm/requests.ts';
import { milliseconds, now } from '../clock.ts';
import { awaitInput, doesConsoleInterrupt } from '../console-input.ts';
import {
  close,
  FILE_CONSOLE,
  FILE_DISK,
  FILE_DRIVER,
  FILE_KVM,
  FILE_NET,
  FILE_REGULAR,
  open,
  openFile,
  OpenFile,
} from '../files.ts';
import { Hart } from '../hart.ts';
import { copyIn, copyOut, copyStringIn } from '../memory/user-memory.ts';
import { Thread } from '../process/thread.ts';
import { consoleRead, consoleWrite } from '../sbi-client.ts';
import { sleepUntil } from '../scheduler.ts';
import { callNetControl, callReceive, callSend } from './network-calls.ts';

const BUFFER_BYTES: u64 = 256;
const buffer: usize = memory.data(256, 8);
/** A reader of a console that has no interrupt looks again after this time. */
const CONSOLE_POLL_MILLISECONDS: u64 = 1;
const ECALL_BYTES: u64 = 4;
const LONGEST_WRITE: u64 = 16384;

function least(a: u64, b: u64): u64 {
  return a < b ? a : b;
}

/** openat(dirfd, path, flags, mode). */
export function callOpenat(thread: Thread): i64 {
  const length = copyStringIn(thread.process, buffer, thread.a1, BUFFER_BYTES);
  if (length < 0) return length == -1 ? -EFAULT : -ENAMETOOLONG;
  return open(thread.process, buffer, thread.a2);
}

/** close(fd). */
export function callClose(thread: Thread): i64 {
  const file = openFile(thread.process, thread.a0);
  return file === null ? -EBADF : close(thread.process, file);
}

/** ioctl(fd, request, argument). */
export function callIoctl(hart: Hart, thread: Thread): i64 {
  const file = openFile(thread.process, thread.a0);
  if (file === null) return -EBADF;
  if (file.kind == FILE_KVM) return kvmRequest(hart, thread, thread.a1, thread.a2);
  if (file.kind == FILE_NET) return callNetControl(thread.a1, file);
  return file.kind == FILE_DRIVER ? driverRequest(hart, thread, thread.a1, thread.a2) : -ENOTTY;
}

/** lseek(fd, offset, whence). */
export function callSeek(thread: Thread): i64 {
  const file = openFile(thread.process, thread.a0);
  if (file === null) return -EBADF;
  if (file.kind != FILE_REGULAR && file.kind != FILE_DISK) return -ESPIPE;
  let origin: u64 = 0;
  if (thread.a2 == SEEK_CUR) origin = file.position;
  else if (thread.a2 == SEEK_END) origin = file.size;
  else if (thread.a2 != SEEK_SET) return -EINVAL;
  const position = <i64>(origin + thread.a1);
  if (position < 0) return -EINVAL;
  file.position = <u64>position;
  return position;
}

function readConsole(hart: Hart, thread: Thread): i64 {
  if (thread.a2 == 0) return 0;
  const count = consoleRead(buffer, least(thread.a2, BUFFER_BYTES));
  if (count != 0) return copyOut(thread.process, thread.a1, buffer, count) ? <i64>count : -EFAULT;
  // nothing yet: the thread comes back to the same ecall with the same a0
  thread.pc -= ECALL_BYTES;
  if (doesConsoleInterrupt()) awaitInput(hart, thread);
  else {
    const again = now() + milliseconds(CONSOLE_POLL_MILLISECONDS);
    sleepUntil(hart, thread, again, <i64>thread.a0);
  }
  return <i64>thread.a0;
}

function readRegular(thread: Thread, file: OpenFile): i64 {
  if (file.position >= file.size) return 0;
  const count = least(thread.a2, file.size - file.position);
  if (!copyOut(thread.process, thread.a1, file.data + file.position, count)) return -EFAULT;
  file.position += count;
  return <i64>count;
}

/** read(fd, buffer, length). */
export function callRead(hart: Hart, thread: Thread): i64 {
  const file = openFile(thread.process, thread.a0);
  if (file === null) return -EBADF;
  if (file.kind == FILE_CONSOLE) return readConsole(hart, thread);
  if (file.kind == FILE_NET) return callReceive(hart, thread, file);
  return file.kind == FILE_REGULAR ? readRegular(thread, file) : -EINVAL;
}

/** write(fd, buffer, length). */
export function callWrite(hart: Hart, thread: Thread): i64 {
  const file = openFile(thread.process, thread.a0);
  if (file === null) return -EBADF;
  if (file.kind == FILE_NET) return callSend(hart, thread, file);
  return file.kind == FILE_CONSOLE ? writeConsole(thread) : -EBADF;
}

function writeConsole(thread: Thread): i64 {
  // a write may be partial: the kernel is not kept for longer than this
  const length = least(thread.a2, LONGEST_WRITE);
  for (let done: u64 = 0; done < length; done += BUFFER_BYTES) {
    const part = least(length - done, BUFFER_BYTES);
    if (!copyIn(thread.process, buffer, thread.a1 + done, part)) {
      return done == 0 ? -EFAULT : <i64>done;
    }
    consoleWrite(buffer, part);
  }
  return <i64>length;
}
