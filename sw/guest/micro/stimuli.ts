import * as csr from 'rv/csr';
import { PAGE } from '../../shared/page.ts';
import { csrr, cstr, lb, lbu, probe, sbi_ecall0, sym_addr } from '../../shared/rv.ts';
import { SBI_ERR_NOT_SUPPORTED, SBI_NULL } from '../../shared/sbi.ts';
import { addSample, beginSamples, reportSamples } from '../runtime/samples.ts';

/** What the paper's micro-benchmarks do in the guest. A label names the operation that begins, the label `guest` ends it. */

/** The UART's interrupt-enable register, at the offset that the paper's guest reads. */
const REGISTER: i32 = 1;

/** The first page that nothing has touched. */
export function firstPage(): u64 {
  return (sym_addr('image_end') + 2 * PAGE - 1) & ~(PAGE - 1);
}

/** Calls to the SBI that do nothing, which firmware does by refusing them; gives other errors, all of them or'ed. */
export function callOften(iterations: u64): u64 {
  const samples = beginSamples();
  let errors: u64 = 0;
  for (let round: u64 = 0; round < iterations; round++) {
    const start = csrr(csr.cycle);
    probe('null-hypercall');
    const error = sbi_ecall0(SBI_NULL, 0);
    probe('guest');
    addSample(samples, csrr(csr.cycle) - start);
    errors |= <u64>error;
  }
  reportSamples(samples, cstr('null-hypercall'));
  return <i64>errors == SBI_ERR_NOT_SUPPORTED ? 0 : errors;
}

/** One byte load from each of so many pages that nobody has touched; gives what they hold, all of it or'ed. */
export function readFreshPages(iterations: u64): u64 {
  const samples = beginSamples();
  let found: u64 = 0;
  let page = <usize>firstPage();
  for (let round: u64 = 0; round < iterations; round++) {
    const start = csrr(csr.cycle);
    probe('stage-2-fault');
    const value = lb(page, 0);
    probe('guest');
    addSample(samples, csrr(csr.cycle) - start);
    found |= <u64>(<u32>value);
    page += <usize>PAGE;
  }
  reportSamples(samples, cstr('stage-2-fault'));
  return found;
}

/** Byte loads from a register of an emulated device; gives what it holds, all of it or'ed. */
export function readDeviceOften(device: usize, iterations: u64): u64 {
  const samples = beginSamples();
  let found: u64 = 0;
  for (let round: u64 = 0; round < iterations; round++) {
    const start = csrr(csr.cycle);
    probe('mmio-read');
    const value = lbu(device, REGISTER);
    probe('guest');
    addSample(samples, csrr(csr.cycle) - start);
    found |= <u64>value;
  }
  reportSamples(samples, cstr('mmio-read'));
  return found;
}
