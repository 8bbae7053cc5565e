import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import {
  amoadd_d,
  csrc,
  csrr,
  csrs,
  cstr,
  ld,
  probe,
  sbi_ecall2,
  sbi_ecall3,
  sd,
  sym_addr,
} from '../../shared/rv.ts';
import { SBI_HSM, SBI_HSM_HART_START, SBI_IPI, SBI_IPI_SEND_IPI } from '../../shared/sbi.ts';
import { addSample, beginSamples, reportSamples } from '../runtime/samples.ts';

/** The second hart, which does nothing but take software interrupts and count them. */

const RECEIVER: u64 = 1;
const readyWord: usize = memory.data(8, 64);
const countWord: usize = memory.data(8, 64);

/** The life of the second hart: it spins with interrupts on, as the paper's receiver. */
export function receive(): void {
  csrs(csr.sie, 1 << interrupt.ssip);
  csrs(csr.sstatus, csr.sstatus_sie);
  sd(readyWord, 1, 0);
  while (true) {}
}

/** The second hart's interrupt. */
export function countInterrupt(): void {
  csrc(csr.sip, 1 << interrupt.ssip);
  amoadd_d(countWord, 1);
}

/** Interrupts the second hart so often, each time until it has counted; gives how many it did not count. */
export function interruptOften(iterations: u64): u64 {
  sbi_ecall3(SBI_HSM, SBI_HSM_HART_START, RECEIVER, sym_addr('guest_start'), 0);
  while (ld(readyWord, 0) == 0) {}
  const samples = beginSamples();
  for (let round: u64 = 0; round < iterations; round++) {
    const before = ld(countWord, 0);
    const start = csrr(csr.cycle);
    probe('vipi');
    sbi_ecall2(SBI_IPI, SBI_IPI_SEND_IPI, 1, RECEIVER);
    while (ld(countWord, 0) == before) {}
    probe('guest');
    addSample(samples, csrr(csr.cycle) - start);
  }
  reportSamples(samples, cstr('vipi'));
  return iterations - ld(countWord, 0);
}
