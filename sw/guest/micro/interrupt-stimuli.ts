import * as csr from 'rv/csr';
import { IPI, postOperand } from '../../shared/posted-window.ts';
import {
  csrr,
  csrw,
  cstr,
  ld,
  probe,
  sb,
  sbi_ecall2,
  sbi_ecall3,
  sym_addr,
} from '../../shared/rv.ts';
import {
  SBI_DEVICE,
  SBI_DEVICE_RAISE,
  SBI_ERR_NOT_SUPPORTED,
  SBI_HSM,
  SBI_HSM_HART_START,
  SBI_IPI,
  SBI_IPI_SEND_IPI,
} from '../../shared/sbi.ts';
import { doesPost, plicAddress, uartAddress, uartSource } from '../runtime/machine.ts';
import { allowSource, enableSource } from '../runtime/plic.ts';
import { addSample, beginSamples, reportSamples } from '../runtime/samples.ts';
import { awaitReceiver, countWord, expectReceiver, RECEIVER, SOURCE } from './receiver.ts';

/** What the paper's micro-benchmarks of virtual interrupts do; labels as in stimuli.ts, but the label `arrived` ends the operation. */

/** Starts the hart that is interrupted, and interrupts it once, so that what happens at the first time only is in no mean. */
export function startReceiver(): void {
  expectReceiver();
  sbi_ecall3(SBI_HSM, SBI_HSM_HART_START, RECEIVER, sym_addr('guest_start'), 0);
  awaitReceiver();
  const before = ld(countWord, 0);
  interruptReceiver();
  while (ld(countWord, 0) == before) {}
  awaitReceiver();
}

function interruptReceiver(): void {
  if (doesPost) csrw(csr.hu_vitr, postOperand(RECEIVER, IPI));
  else sbi_ecall2(SBI_IPI, SBI_IPI_SEND_IPI, 1, RECEIVER);
}

/** Interrupts the second hart so often by software, each time until its handler has counted; gives how many it did not count. */
export function interruptOften(iterations: u64): u64 {
  const begin = ld(countWord, 0);
  const samples = beginSamples();
  for (let round: u64 = 0; round < iterations; round++) {
    const before = ld(countWord, 0);
    probe('vipi');
    const start = csrr(csr.cycle);
    interruptReceiver();
    while (ld(countWord, 0) == before) {}
    const end = csrr(csr.cycle);
    probe('arrived');
    addSample(samples, end - start);
    awaitReceiver();
  }
  reportSamples(samples, cstr('vipi'));
  return begin + iterations - ld(countWord, 0);
}

/** Interrupt enable register of a 16550, and its bit for an empty transmitter, which ours always is. */
const IER: i32 = 1;
const TRANSMITTER_EMPTY: u32 = 2;

/** Has the UART of a bare machine interrupt the second hart so often; gives how many it did not count. */
function haveUartInterrupt(iterations: u64): u64 {
  const begin = ld(countWord, 0);
  const uart = <usize>uartAddress;
  allowSource(uartSource);
  enableSource(RECEIVER, uartSource);
  for (let round: u64 = 0; round < iterations; round++) {
    const before = ld(countWord, 0);
    probe('vext');
    sb(uart, TRANSMITTER_EMPTY, IER);
    while (ld(countWord, 0) == before) {}
    probe('arrived');
    awaitReceiver();
    sb(uart, 0, IER);
  }
  return begin + iterations - ld(countWord, 0);
}

/**
 * Lets the hypervisor interrupt the second hart so often as a device does, or a device where there is no hypervisor; gives how many it did not
 * count. What is measured of a hypervisor is its own: nothing of it can be seen from here.
 */
export function haveDeviceInterrupt(iterations: u64): u64 {
  const begin = ld(countWord, 0);
  for (let round: u64 = 0; round < iterations; round++) {
    const error = sbi_ecall3(SBI_DEVICE, SBI_DEVICE_RAISE, RECEIVER, SOURCE, countWord);
    if (error == SBI_ERR_NOT_SUPPORTED)
      return plicAddress != 0 && uartSource != 0 ? haveUartInterrupt(iterations) : 0;
    awaitReceiver();
  }
  return begin + iterations - ld(countWord, 0);
}
