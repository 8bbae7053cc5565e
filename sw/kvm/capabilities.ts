import { EBUSY, EINVAL, ENODEV } from '../shared/syscalls.ts';
import { hasExitRegisters } from '../dv-driver/features.ts';
import { KVM_CAP_DV_STATE, KVM_CAP_FORWARD_EXITS, KVM_VCPU_COUNT } from './abi.ts';
import { kvmVcpu, KvmVm } from './vm.ts';

/** KVM_ENABLE_CAP: makes a VM differ from others. */
export function enableCapability(vm: KvmVm, capability: u64): i64 {
  if (capability != KVM_CAP_DV_STATE && capability != KVM_CAP_FORWARD_EXITS) return -EINVAL;
  if (capability == KVM_CAP_DV_STATE && !hasExitRegisters) return -ENODEV;
  for (let id: u64 = 0; id < KVM_VCPU_COUNT; id++) if (kvmVcpu(vm, id) !== null) return -EBUSY;
  vm.capabilities |= 1 << capability;
  return 0;
}
