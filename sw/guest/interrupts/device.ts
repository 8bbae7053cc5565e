import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrc, csrr, csrs, cstr, ld, lbu, sb, sd } from '../../shared/rv.ts';
import { uartAddress, uartSource } from '../runtime/machine.ts';
import { allowSource, enableSource } from '../runtime/plic.ts';
import { addSample, beginSamples, reportSamples } from '../runtime/samples.ts';
import { check } from '../runtime/verdict.ts';

/** Registers of the 16550, and the interrupt of its empty transmitter. */
const IER: i32 = 1;
const IIR: i32 = 2;
const TRANSMITTER_EMPTY: u32 = 2;
const IIR_REASON: u32 = 0xf;
const ROUNDS: u64 = 10;

const served: usize = memory.data(8, 64);

/** The UART interrupts: reading the reason ends it. */
export function serveDevice(): void {
  const reason = lbu(<usize>uartAddress, IIR) & IIR_REASON;
  if (reason == TRANSMITTER_EMPTY) sd(served, ld(served, 0) + 1, 0);
}

/** From the store that makes the UART interrupt until the handler has counted it. */
export function measureDevice(hart: u64): void {
  const uart = <usize>uartAddress;
  allowSource(uartSource);
  enableSource(hart, uartSource);
  csrs(csr.sie, 1 << interrupt.seip);
  csrs(csr.sstatus, csr.sstatus_sie);
  const samples = beginSamples();
  for (let round: u64 = 0; round < ROUNDS; round++) {
    const start = csrr(csr.cycle);
    sb(uart, TRANSMITTER_EMPTY, IER);
    while (ld(served, 0) == round) {}
    addSample(samples, csrr(csr.cycle) - start);
    sb(uart, 0, IER);
  }
  csrc(csr.sstatus, csr.sstatus_sie);
  reportSamples(samples, cstr('device-interrupt'));
  check(cstr('device-interrupts'), ld(served, 0), ROUNDS);
}
