import * as cause from 'rv/cause';
import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrr, cstr } from '../../shared/rv.ts';
import { SBI_SRST_SYSTEM_FAILURE } from '../../shared/sbi.ts';
import { INTERRUPT } from '../../shared/trap-cause.ts';
import { complain, print } from '../runtime/console.ts';
import { endByTrap } from '../runtime/fatal-trap.ts';
import { GuestHart } from '../runtime/hart.ts';
import { readMachine } from '../runtime/machine.ts';
import { runWorkload } from '../runtime/workload.ts';
import { createKernelSpace, enterSpace, unusedRam } from './address-space.ts';
import { measureFirstTouch, measureHypercall, measureMmio, measureTimer } from './primitives.ts';
import {
  handleTimerInterrupt,
  sleepFor,
  startClock,
  stopClock,
  timerInterruptCount,
} from './timer-interrupt.ts';
import { runUserProgram, systemCall, systemCallCount } from './user-program.ts';
import { check, verdict } from '../runtime/verdict.ts';

/** Words and seed of the kernel's computation, and its known result. */
const WORKLOAD_WORDS: u64 = 64;
const WORKLOAD_SEED: u64 = 0x2545_f491_4f6c_dd1d;
const WORKLOAD_RESULT: u64 = 0xfdf_2148;
/** The user program's exit status is its computation's result, likewise known. */
const USER_RESULT: u64 = 0x16d4_5afd_15d4;
const USER_SYSTEM_CALLS: u64 = 18;
/** Period of the clock while the user program runs, and the length of a sleep, in ticks of `time`. */
const CLOCK_PERIOD: u64 = 200;
const SLEEP_TICKS: u64 = 50;
const FAR_PAGES: u64 = 0x10_0000;

/**
 * The measuring guest: a small kernel with Sv39 address spaces, traps, timer interrupts and a user program. It times what a
 * virtual machine makes slow, and checks what it computes. Bare or virtual, its results are the same.
 */
export function main(hart: GuestHart, deviceTree: u64): u64 {
  print(cstr('measure: begin'));
  if (!readMachine(<usize>deviceTree)) {
    complain(cstr('no device tree at'), deviceTree);
    return SBI_SRST_SYSTEM_FAILURE;
  }
  const space = createKernelSpace();
  enterSpace(space);
  measureHypercall();
  measureFirstTouch();
  measureMmio();
  measureTimer();
  check(cstr('sleep'), sleepFor(SLEEP_TICKS) ? 1 : 0, 1);
  check(
    cstr('kernel-workload'),
    runWorkload(<usize>(unusedRam() + FAR_PAGES), WORKLOAD_WORDS, WORKLOAD_SEED),
    WORKLOAD_RESULT,
  );
  const ticksBefore = timerInterruptCount();
  startClock(CLOCK_PERIOD);
  check(cstr('user-program'), runUserProgram(hart, space), USER_RESULT);
  stopClock();
  check(cstr('system-calls'), systemCallCount(), USER_SYSTEM_CALLS);
  check(cstr('clock-ran'), timerInterruptCount() > ticksBefore ? 1 : 0, 1);
  print(cstr('measure: end'));
  return verdict();
}

/** Timer interrupts and system calls; everything else ends the program. */
export function on_trap(hart: GuestHart): u64 {
  const scause = csrr(csr.scause);
  if (scause == (INTERRUPT | interrupt.stip)) {
    handleTimerInterrupt();
    return 0;
  }
  if (scause == cause.environmentCallFromU) return systemCall(hart);
  endByTrap();
  return 0;
}
