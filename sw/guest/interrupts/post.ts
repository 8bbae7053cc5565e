import * as csr from 'rv/csr';
import { IPI, postOperand } from '../../shared/posted-window.ts';
import { csrw, sbi_ecall2 } from '../../shared/rv.ts';
import { SBI_IPI, SBI_IPI_SEND_IPI } from '../../shared/sbi.ts';
import { doesPost } from '../runtime/machine.ts';

/** Posts a vector to a hart. */
export function postVector(hart: u64, vector: u64): void {
  csrw(csr.hu_vitr, postOperand(hart, vector));
}

/** Interrupts a hart by software: by a post where that is possible, else through the SBI. */
export function interruptHart(hart: u64): void {
  if (doesPost) csrw(csr.hu_vitr, postOperand(hart, IPI));
  else sbi_ecall2(SBI_IPI, SBI_IPI_SEND_IPI, 1, hart);
}
