import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrr, csrw, sym_addr } from '../shared/rv.ts';
import { acquire, release } from '../shared/spin-lock.ts';
import { EINVAL } from '../shared/syscalls.ts';
import { kernelLock } from '../host/scheduler.ts';
import { KVM_LINE_LOW, KVM_VCPU_COUNT } from './abi.ts';
import { disableInterrupts } from './interrupts-off.ts';
import { lowerInterrupt, raiseInterrupt } from './vcpu/interrupts.ts';
import { KvmVcpu } from './vcpu/vcpu.ts';
import { kvmVcpu, KvmVm } from './vm.ts';

const EXTERNAL: u64 = 1 << interrupt.vseip;

/** KVM_SET_LINE, called with the kernel's lock and interrupts off; a kick may need the one and allow the other. */
export function setLine(vm: KvmVm, argument: u64): i64 {
  const id = argument & ~KVM_LINE_LOW;
  const found = id < KVM_VCPU_COUNT ? kvmVcpu(vm, id) : null;
  if (found === null) return -EINVAL;
  const vcpu = changetype<KvmVcpu>(found);
  if ((argument & KVM_LINE_LOW) != 0) {
    lowerInterrupt(vcpu, EXTERNAL);
    return 0;
  }
  release(kernelLock);
  const vector = csrr(csr.stvec);
  csrw(csr.stvec, sym_addr('kvm_trap_vector'));
  raiseInterrupt(vcpu, EXTERNAL);
  disableInterrupts();
  csrw(csr.stvec, vector);
  acquire(kernelLock);
  return 0;
}
