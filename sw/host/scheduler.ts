import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrc, csrr, cstr, sc_w, wfi } from '../shared/rv.ts';
import { acquire, release } from '../shared/spin-lock.ts';
import { watch } from '../dv-driver/posting.ts';
import { loadVcpu, saveVcpu } from '../dv-driver/vcpu.ts';
import { onHostTimer } from '../kvm/vcpu/timer.ts';
import { milliseconds, now } from './clock.ts';
import { isInTransfer } from './disk.ts';
import { onExternalInterrupt } from './external-interrupt.ts';
import { Hart, HART_CAPACITY, hartBlock, startedHarts } from './hart.ts';
import { kernelRoot, useRoot } from './memory/address-space.ts';
import { panic } from './panic.ts';
import { endThread } from './process/ending.ts';
import {
  FOREVER,
  Thread,
  threadLimit,
  THREAD_FREE,
  THREAD_READY,
  THREAD_RUNNING,
  THREAD_WAITING,
  threadAt,
} from './process/thread.ts';
import { sendInterrupt, setTimer } from './sbi-client.ts';

/** A running thread shares its hart after this time. */
const TICK_MILLISECONDS: u64 = 10;

/** One lock for the whole kernel: held from trap entry to return, given up only while a hart waits without work. */
export const kernelLock: usize = memory.data(8, 8);

/** A word nobody reserves. */
const reservation: usize = memory.data(8, 8);

/** Sets the hart's timer. */
export function arm(hart: Hart, time: u64): void {
  if (hart.timer == time) return;
  hart.timer = time;
  setTimer(time);
}

/** Marks a thread as runnable and makes its hart notice if it idles. */
export function wake(thread: Thread, hart: Hart): void {
  thread.state = THREAD_READY;
  thread.futex = 0;
  thread.deadline = FOREVER;
  const target = thread.hart;
  if (target != hart && target.current == target.idle) sendInterrupt(1 << target.id);
}

/** Puts the running thread to sleep until `deadline` or a wake-up. */
export function sleepUntil(hart: Hart, thread: Thread, deadline: u64, timeoutResult: i64): void {
  thread.state = THREAD_WAITING;
  thread.deadline = deadline;
  thread.timeoutResult = timeoutResult;
  if (deadline < hart.timer) arm(hart, deadline);
}

/** Moves a thread to the hart of its affinity that has the fewest threads; false when none of them runs the kernel. */
export function placeThread(thread: Thread): bool {
  let best: u64 = HART_CAPACITY;
  let fewest: u64 = threadLimit + 1;
  for (let id: u64 = 0; id < HART_CAPACITY; id++) {
    if ((((thread.affinity & startedHarts) >> id) & 1) == 0) continue;
    const hart = hartBlock(id);
    let count: u64 = 0;
    for (let i: u64 = 0; i < threadLimit; i++) {
      const other = threadAt(i);
      if (other != thread && other.state != THREAD_FREE && other.hart == hart) count++;
    }
    if (count < fewest) {
      fewest = count;
      best = id;
    }
  }
  if (best == HART_CAPACITY) return false;
  thread.hart = hartBlock(best);
  return true;
}

/** Wakes the hart's threads whose deadline has come, and sets the timer for what comes next. */
export function onTimer(hart: Hart): void {
  const time = now();
  let next = FOREVER;
  for (let i: u64 = 0; i < threadLimit; i++) {
    const thread = threadAt(i);
    if (thread.state != THREAD_WAITING || thread.hart != hart) continue;
    if (thread.deadline <= time) {
      thread.a0 = <u64>thread.timeoutResult;
      wake(thread, hart);
    } else if (thread.deadline < next) next = thread.deadline;
  }
  const guest = hart.current.kvm;
  if (guest !== null) {
    const guestTimer = onHostTimer(guest, time);
    if (guestTimer < next) next = guestTimer;
  }
  const tick = time + milliseconds(TICK_MILLISECONDS);
  if (hart.current != hart.idle) {
    hart.timeIsUp = 1;
    if (tick < next) next = tick;
  }
  arm(hart, next);
}

function pick(hart: Hart): Thread | null {
  // the search starts behind the current thread, so that the hart's threads take turns
  let start: u64 = 0;
  if (hart.current != hart.idle) {
    const table = changetype<usize>(threadAt(0));
    start = (changetype<usize>(hart.current) - table) / offsetof<Thread>() + 1;
  }
  for (let i: u64 = 0; i < threadLimit; i++) {
    let index = start + i;
    if (index >= threadLimit) index -= threadLimit;
    const thread = threadAt(index);
    if (thread.state == THREAD_READY && thread.hart == hart) return thread;
  }
  return null;
}

/** Gives the hart to a thread, or to nobody for its idle thread: address space and DV-Ext state change with it. */
export function switchTo(hart: Hart, next: Thread): void {
  const previous = hart.current;
  if (previous == next) return;
  if (hart.preemptionDepth != 0) panic(cstr('a thread gave away a hart that it asked to keep'));
  // a reservation of the previous thread must not make the next one's SC succeed
  sc_w(reservation, 0);
  const old = previous.vcpu;
  if (old !== null) {
    saveVcpu(old);
    if (previous.state == THREAD_WAITING && !isInTransfer(previous) && watch(old))
      wake(previous, hart);
  }
  hart.current = next;
  if (next == hart.idle) {
    useRoot(kernelRoot);
    return;
  }
  useRoot(next.process.root);
  const vcpu = next.vcpu;
  if (vcpu !== null) loadVcpu(vcpu);
  const tick = now() + milliseconds(TICK_MILLISECONDS);
  if (hart.timer > tick) arm(hart, tick);
}

/** Waits for an interrupt with the kernel unlocked. */
function idle(hart: Hart): void {
  release(kernelLock);
  wfi();
  acquire(kernelLock);
  const pending = csrr(csr.sip);
  if ((pending & (1 << interrupt.ssip)) != 0) csrc(csr.sip, 1 << interrupt.ssip);
  if ((pending & (1 << interrupt.stip)) != 0) onTimer(hart);
  if ((pending & (1 << interrupt.seip)) != 0) onExternalInterrupt(hart);
}

/** Settles which thread the hart runs next and returns it; waits when there is none. */
export function chooseThread(hart: Hart): Thread {
  while (true) {
    const thread = hart.current;
    if (thread != hart.idle && thread.state == THREAD_RUNNING) {
      if (thread.process.isEnding != 0) {
        endThread(hart, thread);
        continue;
      }
      if (thread.hart == hart && hart.timeIsUp == 0) return thread;
      wake(thread, hart);
    }
    hart.timeIsUp = 0;
    const next = pick(hart);
    if (next !== null) {
      switchTo(hart, next);
      next.state = THREAD_RUNNING;
      next.runsOn = hart;
    } else if (thread != hart.idle) switchTo(hart, hart.idle);
    else {
      // a thread that onTimer wakes must be looked for before the hart waits: nothing would end the wait
      if (hart.timer != FOREVER && hart.timer <= now()) onTimer(hart);
      else idle(hart);
    }
  }
}
