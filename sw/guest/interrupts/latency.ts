import * as csr from 'rv/csr';
import { csrc, csrr, csrs, cstr, ld, sd } from '../../shared/rv.ts';
import { addSample, beginSamples, reportSamples } from '../runtime/samples.ts';
import { check } from '../runtime/verdict.ts';
import { interruptHart } from './post.ts';

/** The hart that is interrupted, by hart 0. */
const RECEIVER: u64 = 1;
const ROUNDS: u64 = 20;

const served: usize = memory.data(8, 64);
const isMeasuring: usize = memory.data(8, 64);

/** A software interrupt that is being measured has arrived; false when none is. */
export function serveMeasured(hart: u64): bool {
  if (hart != RECEIVER || ld(isMeasuring, 0) == 0) return false;
  sd(served, ld(served, 0) + 1, 0);
  return true;
}

/** From the request for a software interrupt of a hart that computes until its handler has counted it. */
export function measureLatency(hart: u64): void {
  if (hart == RECEIVER) {
    csrs(csr.sstatus, csr.sstatus_sie);
    sd(isMeasuring, 1, 0);
    while (ld(served, 0) < ROUNDS) {}
    csrc(csr.sstatus, csr.sstatus_sie);
    sd(isMeasuring, 0, 0);
  } else if (hart == 0) {
    while (ld(isMeasuring, 0) == 0) {}
    const samples = beginSamples();
    for (let round: u64 = 0; round < ROUNDS; round++) {
      const start = csrr(csr.cycle);
      interruptHart(RECEIVER);
      while (ld(served, 0) == round) {}
      addSample(samples, csrr(csr.cycle) - start);
    }
    reportSamples(samples, cstr('software-interrupt'));
    check(cstr('software-interrupts'), ld(served, 0), ROUNDS);
  }
}
