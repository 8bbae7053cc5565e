import * as csr from 'rv/csr';
import { PAGE } from '../../shared/page.ts';
import { csrr, cstr, lbu, ld, sb, sbi_ecall0, sd } from '../../shared/rv.ts';
import { SBI_NULL } from '../../shared/sbi.ts';
import { uartAddress } from '../runtime/machine.ts';
import { setTimer } from '../runtime/timer.ts';
import { unusedRam } from './address-space.ts';
import { addSample, beginSamples, reportSamples } from '../runtime/samples.ts';
import { timerInterruptCycle, awaitTimerInterrupt } from './timer-interrupt.ts';
import { check } from '../runtime/verdict.ts';

/** The operations of the paper's figure 6 that a single virtual hart can do alone, each timed from the guest with `rdcycle`. */

const REPETITIONS: u64 = 100;
/** The UART's scratch register: a device access without effect. */
const SCRATCH: i32 = 7;

/** A call to the SBI that does nothing. */
export function measureHypercall(): void {
  const samples = beginSamples();
  for (let round: u64 = 0; round < REPETITIONS; round++) {
    const start = csrr(csr.cycle);
    sbi_ecall0(SBI_NULL, 0);
    addSample(samples, csrr(csr.cycle) - start);
  }
  reportSamples(samples, cstr('null-hypercall'));
}

/** The first store to a page of RAM: a stage-2 fault in a virtual machine. */
export function measureFirstTouch(): void {
  const samples = beginSamples();
  const area = <usize>unusedRam();
  for (let round: u64 = 0; round < REPETITIONS; round++) {
    const page = area + <usize>(round * PAGE);
    const start = csrr(csr.cycle);
    sd(page, round, 0);
    addSample(samples, csrr(csr.cycle) - start);
  }
  reportSamples(samples, cstr('first-touch'));
  let sum: u64 = 0;
  for (let round: u64 = 0; round < REPETITIONS; round++) sum += ld(area + <usize>(round * PAGE), 0);
  check(cstr('touched-pages'), sum, (REPETITIONS * (REPETITIONS - 1)) / 2);
}

/** A load from and a store to a device register: emulated in a virtual machine. */
export function measureMmio(): void {
  if (uartAddress == 0) return;
  const uart = <usize>uartAddress;
  const writes = beginSamples();
  for (let round: u64 = 0; round < REPETITIONS; round++) {
    const start = csrr(csr.cycle);
    sb(uart, <u32>round, SCRATCH);
    addSample(writes, csrr(csr.cycle) - start);
  }
  reportSamples(writes, cstr('mmio-write'));
  const reads = beginSamples();
  let sum: u64 = 0;
  for (let round: u64 = 0; round < REPETITIONS; round++) {
    const start = csrr(csr.cycle);
    sum += lbu(uart, SCRATCH);
    addSample(reads, csrr(csr.cycle) - start);
  }
  reportSamples(reads, cstr('mmio-read'));
  check(cstr('mmio-reads'), sum, REPETITIONS * (REPETITIONS - 1));
}

/** From the request for a timer interrupt that is due at once to the first instruction of its handler that reads the counter. */
export function measureTimer(): void {
  const samples = beginSamples();
  for (let round: u64 = 0; round < REPETITIONS; round++) {
    const start = csrr(csr.cycle);
    setTimer(0);
    awaitTimerInterrupt();
    addSample(samples, timerInterruptCycle() - start);
  }
  reportSamples(samples, cstr('timer-interrupt'));
}
