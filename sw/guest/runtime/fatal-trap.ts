import * as csr from 'rv/csr';
import { csrr, cstr } from '../../shared/rv.ts';
import { SBI_SRST_SYSTEM_FAILURE } from '../../shared/sbi.ts';
import { endLine, put, putHex } from './console.ts';
import { shut_down } from './shutdown.ts';

/** Ends the machine because of a trap that the program did not expect. */
export function endByTrap(): void {
  put(cstr('error: unexpected trap: scause '));
  putHex(csrr(csr.scause));
  put(cstr(' sepc '));
  putHex(csrr(csr.sepc));
  put(cstr(' stval '));
  putHex(csrr(csr.stval));
  endLine();
  shut_down(SBI_SRST_SYSTEM_FAILURE);
}
