import * as csr from 'rv/csr';
import { csrc, csrs, wfi } from '../../shared/rv.ts';

/** Takes interrupts that are pending, sleeping until there is one; interrupts are off before and after. */
export function takeInterrupts(): void {
  wfi();
  csrs(csr.sstatus, csr.sstatus_sie);
  csrc(csr.sstatus, csr.sstatus_sie);
}

/** Takes interrupts that are pending, if there are any; interrupts are off before and after. */
export function takePending(): void {
  csrs(csr.sstatus, csr.sstatus_sie);
  csrc(csr.sstatus, csr.sstatus_sie);
}
