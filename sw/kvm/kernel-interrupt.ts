import * as csr from 'rv/csr';
import { csrr, cstr } from '../shared/rv.ts';
import { acquire, release } from '../shared/spin-lock.ts';
import { INTERRUPT } from '../shared/trap-cause.ts';
import { currentHart } from '../host/hart.ts';
import { panic } from '../host/panic.ts';
import { kernelLock } from '../host/scheduler.ts';
import { onInterrupt } from '../host/trap.ts';

/** A trap while the kernel handles an exit, from `kvm_trap_vector`: an interrupt of the host, anything else is a mistake of the kernel. */
export function onKernelInterrupt(): void {
  const number = csrr(csr.scause);
  if ((number & INTERRUPT) == 0) panic(cstr('trap in the kernel'));
  acquire(kernelLock);
  onInterrupt(currentHart(), number & ~INTERRUPT);
  release(kernelLock);
}
