import { cstr, sw, wfi } from '../../shared/rv.ts';
import { abandonVm } from '../../dv-driver/open.ts';
import { dropVcpu } from '../../dv-driver/vcpu.ts';
import { abandonKvm } from '../../kvm/open.ts';
import { begin, end, hex, number, text } from '../console.ts';
import { settleTransfer } from '../disk.ts';
import { close } from '../files.ts';
import { Hart } from '../hart.ts';
import { startSpare } from '../init.ts';
import { destroyAddressSpace, userToPhysical } from '../memory/address-space.ts';
import { PTE_READ, PTE_WRITE } from '../memory/page-table.ts';
import { wakeFutex } from '../syscall/futex.ts';
import { sendInterrupt, shutDown } from '../sbi-client.ts';
import { switchTo } from '../scheduler.ts';
import { FILE_CAPACITY, fileAt, Process } from './process.ts';
import { Thread, threadLimit, THREAD_FREE, THREAD_RUNNING, threadAt } from './thread.ts';

/** Processes that have not ended; the list that is being started counts as one. */
let liveCount: u64 = 1;
/** Processes that ended with a status other than 0. */
let failureCount: u64 = 0;

/** Counts a process that starts. */
export function noteProcess(): void {
  liveCount++;
}

/** Counts a process that could not be started as one that failed. */
export function noteFailure(): void {
  failureCount++;
}

/** One process less, or the list is through: ends the machine when nothing is left, as passed if all ended with 0. */
export function noteEnd(): void {
  liveCount--;
  if (liveCount != 0) return;
  shutDown(failureCount == 0);
  while (true) wfi();
}

function reap(hart: Hart, process: Process): void {
  abandonVm(process);
  abandonKvm(process);
  for (let i: u64 = 0; i < FILE_CAPACITY; i++) close(process, fileAt(process, i));
  destroyAddressSpace(process);
  if (process.status != 0) {
    failureCount++;
    begin(cstr('host: process '));
    number(process.id);
    text(cstr(' ('));
    text(process.path);
    text(cstr(') ended with status '));
    number(process.status);
    text(cstr('\n'));
    end();
  }
  process.id = 0;
  startSpare(hart);
  noteEnd();
}

/** Ends one thread, running on this hart or not running at all; the last one takes the process with it. */
export function endThread(hart: Hart, thread: Thread): void {
  const process = thread.process;
  settleTransfer(hart, thread);
  if (thread.clearAtEnd != 0) {
    const word = userToPhysical(process, thread.clearAtEnd, PTE_READ | PTE_WRITE);
    if (word != 0) {
      sw(word, 0, 0);
      wakeFutex(hart, word, 1);
    }
  }
  if (hart.current == thread) switchTo(hart, hart.idle);
  dropVcpu(thread);
  thread.state = THREAD_FREE;
  process.threadCount--;
  if (process.threadCount == 0) reap(hart, process);
}

/** Ends a process: threads that do not run end now, those on other harts when their hart enters the kernel, which it is made to do. */
export function endProcess(hart: Hart, process: Process, status: u64): void {
  if (process.isEnding != 0) return;
  process.isEnding = 1;
  process.status = status;
  const id = process.id;
  let harts: u64 = 0;
  // with its last thread the process is gone, and its row may be another one's
  for (let i: u64 = 0; i < threadLimit && process.id == id; i++) {
    const thread = threadAt(i);
    if (thread.state == THREAD_FREE || thread.process != process) continue;
    if (thread.state == THREAD_RUNNING) harts |= 1 << thread.runsOn.id;
    else endThread(hart, thread);
  }
  harts &= ~((<u64>1) << hart.id);
  if (harts != 0) sendInterrupt(harts);
}

/** Reports a fault of a process and ends it with 128 + signal. */
export function killProcess(
  hart: Hart,
  thread: Thread,
  signal: i64,
  reason: usize,
  cause: u64,
  value: u64,
): void {
  begin(cstr('host: process '));
  number(thread.process.id);
  text(cstr(' ('));
  text(thread.process.path);
  text(cstr(') '));
  text(reason);
  text(cstr(', cause '));
  number(cause);
  text(cstr(', pc '));
  hex(thread.pc);
  text(cstr(', value '));
  hex(value);
  text(cstr('\n'));
  end();
  endProcess(hart, thread.process, <u64>(128 + signal));
}
