import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { amoadd_d, csrc, csrr, csrs, cstr, ld, sbi_ecall3, sym_addr } from '../../shared/rv.ts';
import { SBI_HSM, SBI_HSM_HART_START, SBI_SRST_SYSTEM_FAILURE } from '../../shared/sbi.ts';
import { INTERRUPT } from '../../shared/trap-cause.ts';
import { complain, endLine, print, put, putDecimal } from '../runtime/console.ts';
import { endByTrap } from '../runtime/fatal-trap.ts';
import { GuestHart } from '../runtime/hart.ts';
import { takeInterrupts } from '../runtime/interrupts.ts';
import { MAXIMUM_HARTS } from '../runtime/limits.ts';
import { doesPost, hartCount, plicAddress, readMachine, uartSource } from '../runtime/machine.ts';
import { claimSource, completeSource } from '../runtime/plic.ts';
import { verdict } from '../runtime/verdict.ts';
import { measureDevice, serveDevice } from './device.ts';
import { measureLatency, serveMeasured } from './latency.ts';
import { runRing, serveRing } from './ring.ts';
import { exchangeVectors, prepareVectors, serveVector } from './vectors.ts';

const ready: usize = memory.data(8, 64);
const measured: usize = memory.data(8, 64);
const done: usize = memory.data(8, 64);

/**
 * The guest that counts its interrupts: a software interrupt goes round all harts, every hart posts vectors to every other one,
 * and the UART interrupts. Whatever is lost keeps it from ending, whatever comes twice or from elsewhere shows in the counts.
 */
export function main(hart: GuestHart, argument: u64): u64 {
  if (hart.index == 0) {
    if (!readMachine(<usize>argument)) {
      complain(cstr('no device tree at'), argument);
      return SBI_SRST_SYSTEM_FAILURE;
    }
    if (hartCount > <u64>MAXIMUM_HARTS) {
      complain(cstr('too many harts'), hartCount);
      return SBI_SRST_SYSTEM_FAILURE;
    }
    put(cstr('interrupts: harts '));
    putDecimal(hartCount);
    endLine();
    if (plicAddress != 0 && uartSource != 0) measureDevice(hart.index);
    for (let other: u64 = 1; other < hartCount; other++)
      sbi_ecall3(SBI_HSM, SBI_HSM_HART_START, other, sym_addr('guest_start'), 0);
  }
  work(hart.index);
  if (hart.index != 0) while (true) takeInterrupts();
  print(cstr('interrupts: end'));
  return verdict();
}

/** What every hart does. */
function work(hart: u64): void {
  csrs(csr.sie, (1 << interrupt.ssip) | (1 << interrupt.seip));
  if (doesPost) prepareVectors(hart);
  meet(ready);
  if (hartCount > 1) measureLatency(hart);
  meet(measured);
  runRing(hart);
  if (doesPost) exchangeVectors(hart);
  meet(done);
}

/** Waits until all harts are here. */
function meet(word: usize): void {
  amoadd_d(word, 1);
  while (ld(word, 0) != hartCount) {}
}

/** Interrupts; everything else ends the program. */
export function on_trap(hart: GuestHart): u64 {
  switch (csrr(csr.scause)) {
    case INTERRUPT | interrupt.ssip:
      csrc(csr.sip, 1 << interrupt.ssip);
      if (!serveMeasured(hart.index)) serveRing(hart.index);
      break;
    case INTERRUPT | interrupt.seip:
      serveExternal(hart.index);
      break;
    default:
      endByTrap();
  }
  return 0;
}

function serveExternal(hart: u64): void {
  while (true) {
    const source = claimSource(hart);
    if (source == 0) return;
    if (source == uartSource) serveDevice();
    else serveVector(hart, source);
    completeSource(hart, source);
  }
}
