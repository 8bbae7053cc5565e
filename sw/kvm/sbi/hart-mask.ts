import { KVM_VCPU_COUNT } from '../abi.ts';
import { KvmVm, kvmVcpu } from '../vm.ts';

/** The harts that a mask of the SBI names: bit n of `mask` is hart `base` + n; base -1 = all harts (sbi 3.1, "Hart list parameter"). */

/** Base of a mask that names all harts. */
export const ALL_HARTS: u64 = ~0;

/** The guest's harts, one bit each. */
export function presentHarts(vm: KvmVm): u64 {
  let harts: u64 = 0;
  for (let id: u64 = 0; id < KVM_VCPU_COUNT; id++) {
    if (kvmVcpu(vm, id) !== null) harts |= (<u64>1) << id;
  }
  return harts;
}

/** The named harts as a mask that starts at hart 0; 0 when a hart is named that the guest does not have. */
export function hartsOf(vm: KvmVm, mask: u64, base: u64): u64 {
  const present = presentHarts(vm);
  if (base == ALL_HARTS) return present;
  if (base >= KVM_VCPU_COUNT) return 0;
  const harts = mask << base;
  return harts >> base == mask && (harts & ~present) == 0 ? harts : 0;
}
