import * as csr from 'rv/csr';
import { csrc, csrs } from '../shared/rv.ts';
import { acquire, release } from '../shared/spin-lock.ts';
import { kernelLock } from '../host/scheduler.ts';

/**
 * While a vCPU's exit is handled, interrupts of the host are on, as in Linux, and come to `kvm_trap_vector`. The rest of the kernel runs with
 * interrupts off, so the kernel's lock is taken only with them off.
 */

/** Lets interrupts of the host come. */
export function enableInterrupts(): void {
  csrs(csr.sstatus, csr.sstatus_sie);
}

/** Keeps interrupts of the host away. */
export function disableInterrupts(): void {
  csrc(csr.sstatus, csr.sstatus_sie);
}

/** Takes the kernel's lock. */
export function lockKernel(): void {
  disableInterrupts();
  acquire(kernelLock);
}

/** Gives the kernel's lock back. */
export function unlockKernel(): void {
  release(kernelLock);
  enableInterrupts();
}
