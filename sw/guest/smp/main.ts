import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { amoadd_d, csrc, csrr, csrs, cstr, ld, sd } from '../../shared/rv.ts';
import {
  SBI_HSM_STATE_STARTED,
  SBI_HSM_STATE_STOPPED,
  SBI_SRST_SYSTEM_FAILURE,
} from '../../shared/sbi.ts';
import { INTERRUPT } from '../../shared/trap-cause.ts';
import { complain, endLine, print, put, putDecimal } from '../runtime/console.ts';
import { endByTrap } from '../runtime/fatal-trap.ts';
import { GuestHart } from '../runtime/hart.ts';
import { takeInterrupts } from '../runtime/interrupts.ts';
import { MAXIMUM_HARTS } from '../runtime/limits.ts';
import { hartCount, readMachine } from '../runtime/machine.ts';
import { addSample, beginSamples, reportSamples } from '../runtime/samples.ts';
import { check, verdict } from '../runtime/verdict.ts';
import { fenceAllHarts, interruptHart, startHart, stateOfHart, stopThisHart } from './harts.ts';

const ROUNDS: u64 = 10;
/** Opaque argument of hart 1; the others count on. */
const ARGUMENT: u64 = 0xa11ce;
/** Opaque argument of a hart that is to run until the machine ends. */
const ENDLESS: u64 = 0xe4d;

const startedWord: usize = memory.data(8, 64);
const stopWord: usize = memory.data(8, 64);
const argumentSum: usize = memory.data(8, 64);
/** Software interrupts that each hart has handled. */
const handledWords: usize = memory.data(64, 64);

/** The guest with several harts: starts them, interrupts them, makes them fence, and stops them again. */
export function main(hart: GuestHart, argument: u64): u64 {
  if (hart.index != 0) {
    runSecondary(argument);
    return SBI_SRST_SYSTEM_FAILURE;
  }
  if (!readMachine(<usize>argument)) {
    complain(cstr('no device tree at'), argument);
    return SBI_SRST_SYSTEM_FAILURE;
  }
  const harts = hartCount < <u64>MAXIMUM_HARTS ? hartCount : MAXIMUM_HARTS;
  put(cstr('smp: harts '));
  putDecimal(harts);
  endLine();
  startOthers(harts);
  for (let other: u64 = 1; other < harts; other++) measureInterrupts(other);
  check(cstr('remote-fence'), <u64>fenceAllHarts(), 0);
  stopOthers(harts);
  if (harts > 1) restartEndless();
  print(cstr('smp: end'));
  return verdict();
}

/** Software interrupts; everything else ends the program. */
export function on_trap(hart: GuestHart): u64 {
  if (csrr(csr.scause) != (INTERRUPT | interrupt.ssip)) endByTrap();
  csrc(csr.sip, 1 << interrupt.ssip);
  amoadd_d(handledWords + <usize>(hart.index << 3), 1);
  return 0;
}

function runSecondary(argument: u64): void {
  csrs(csr.sie, 1 << interrupt.ssip);
  amoadd_d(argumentSum, argument);
  amoadd_d(startedWord, 1);
  while (argument == ENDLESS) {}
  while (ld(stopWord, 0) == 0) takeInterrupts();
  stopThisHart();
}

function startOthers(harts: u64): void {
  let expected: u64 = 0;
  for (let other: u64 = 1; other < harts; other++) {
    check(cstr('state-before-start'), stateOfHart(other), SBI_HSM_STATE_STOPPED);
    check(cstr('hart-start'), <u64>startHart(other, ARGUMENT + other), 0);
    expected += ARGUMENT + other;
  }
  while (ld(startedWord, 0) != harts - 1) {}
  check(cstr('arguments'), ld(argumentSum, 0), expected);
  for (let other: u64 = 1; other < harts; other++) {
    check(cstr('state-after-start'), stateOfHart(other), SBI_HSM_STATE_STARTED);
  }
}

/** From the request for an interrupt of another hart until its handler has counted it. */
function measureInterrupts(other: u64): void {
  const samples = beginSamples();
  const word = handledWords + <usize>(other << 3);
  for (let round: u64 = 0; round < ROUNDS; round++) {
    const before = ld(word, 0);
    const start = csrr(csr.cycle);
    interruptHart(other);
    while (ld(word, 0) == before) {}
    addSample(samples, csrr(csr.cycle) - start);
  }
  reportSamples(samples, cstr('hart-interrupt'));
  check(cstr('interrupts-handled'), ld(word, 0), ROUNDS);
}

function stopOthers(harts: u64): void {
  sd(stopWord, 1, 0);
  for (let other: u64 = 1; other < harts; other++) {
    interruptHart(other);
    while (stateOfHart(other) != SBI_HSM_STATE_STOPPED) {}
  }
}

/** A hart that stopped can start again; the machine can end while it runs. */
function restartEndless(): void {
  const before = ld(startedWord, 0);
  check(cstr('restart'), <u64>startHart(1, ENDLESS), 0);
  while (ld(startedWord, 0) == before) {}
}
