import {
  SBI_ERR_INVALID_PARAM,
  SBI_ERR_NOT_SUPPORTED,
  SBI_IPI_SEND_IPI,
  SBI_SUCCESS,
} from '../../shared/sbi.ts';
import { HART_CAPACITY, Hart, hartBlock } from '../hart.ts';
import { isStarted } from '../hart-state.ts';
import { request, REQUEST_INTERRUPT } from '../mailbox.ts';
import { selectHarts } from './hart-mask.ts';

/** Raises SSIP on all started harts of a mask. */
export function interruptHarts(harts: u64): void {
  for (let id: u64 = 0; id < HART_CAPACITY; id++) {
    if (((harts >> id) & 1) != 0 && isStarted(hartBlock(id))) request(id, REQUEST_INTERRUPT);
  }
}

/** Inter-processor interrupt extension. `sbi 7` */
export function callInterProcessor(hart: Hart): i64 {
  if (hart.a6 != SBI_IPI_SEND_IPI) return SBI_ERR_NOT_SUPPORTED;
  if (hart.a0 == 0 && hart.a1 != ~(<u64>0)) return SBI_SUCCESS;
  const harts = selectHarts(hart.a0, hart.a1);
  if (harts == 0) return SBI_ERR_INVALID_PARAM;
  interruptHarts(harts);
  return SBI_SUCCESS;
}
