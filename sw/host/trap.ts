import * as cause from 'rv/cause';
import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrc, csrr, cstr } from '../shared/rv.ts';
import { acquire, release } from '../shared/spin-lock.ts';
import { SIGBUS, SIGILL, SIGSEGV, SIGTRAP } from '../shared/syscalls.ts';
import { INTERRUPT } from '../shared/trap-cause.ts';
import { isDriverFault, isGuestTrap, onGuestTrap } from '../dv-driver/faults.ts';
import { deliverKick } from '../dv-driver/vcpu.ts';
import { onExternalInterrupt } from './external-interrupt.ts';
import { Hart, currentHart } from './hart.ts';
import { populate } from './memory/address-space.ts';
import { PTE_EXECUTE, PTE_READ, PTE_USER, PTE_WRITE } from './memory/page-table.ts';
import { panic } from './panic.ts';
import { killProcess } from './process/ending.ts';
import { Thread } from './process/thread.ts';
import { chooseThread, kernelLock, onTimer } from './scheduler.ts';
import { systemCall } from './syscall/dispatch.ts';

/** Does what an interrupt of the host asks for; under the kernel's lock. */
export function onInterrupt(hart: Hart, number: u64): void {
  if (number == interrupt.stip) onTimer(hart);
  else if (number == interrupt.seip) onExternalInterrupt(hart);
  else if (number == interrupt.ssip) csrc(csr.sip, 1 << interrupt.ssip);
  else panic(cstr('unexpected interrupt'));
}

/** A page of a private area appears when it is first touched; any other page fault is the process's mistake. */
function onPageFault(hart: Hart, thread: Thread, number: u64): void {
  const address = csrr(csr.stval);
  let right = PTE_READ;
  if (number == cause.instructionPageFault) right = PTE_EXECUTE;
  else if (number == cause.storePageFault) right = PTE_WRITE;
  if (populate(thread.process, address, right | PTE_USER)) return;
  killProcess(hart, thread, SIGSEGV, cstr('touched memory that is not its own'), number, address);
}

function onException(hart: Hart, thread: Thread, number: u64): void {
  const value = csrr(csr.stval);
  switch (<u32>number) {
    case <u32>cause.environmentCallFromU:
      systemCall(hart, thread);
      break;
    case <u32>cause.instructionPageFault:
    case <u32>cause.loadPageFault:
    case <u32>cause.storePageFault:
      onPageFault(hart, thread, number);
      break;
    case <u32>cause.illegalInstruction:
      killProcess(hart, thread, SIGILL, cstr('executed an illegal instruction'), number, value);
      break;
    case <u32>cause.breakpoint:
      killProcess(hart, thread, SIGTRAP, cstr('hit a breakpoint'), number, value);
      break;
    default:
      killProcess(hart, thread, SIGBUS, cstr('made an access that is refused'), number, value);
      break;
  }
}

/** Every trap into HS mode, called by the trap vector; returns the thread that the hart resumes. */
export function onTrap(thread: Thread): Thread {
  const hart = currentHart();
  const number = csrr(csr.scause);
  const fromGuest = isGuestTrap();
  if ((thread.status & csr.sstatus_spp) != 0 && !fromGuest) panic(cstr('trap in the kernel'));
  acquire(kernelLock);
  if ((number & INTERRUPT) != 0) onInterrupt(hart, number & ~INTERRUPT);
  else if (fromGuest || isDriverFault(number)) onGuestTrap(hart, thread, number);
  else onException(hart, thread, number);
  const next = chooseThread(hart);
  const vcpu = next.vcpu;
  if (vcpu !== null) deliverKick(vcpu);
  release(kernelLock);
  return next;
}
