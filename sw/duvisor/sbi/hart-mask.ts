import { request } from '../vcpu/requests.ts';
import { REQUEST_SOFTWARE_INTERRUPT, vcpuAt } from '../vcpu/vcpu.ts';
import { isPosting, postIpi } from '../vm/posting.ts';
import { vcpuCount } from '../../vmm/options.ts';

/** The harts that a mask of the SBI names: bit n of `mask` is hart `base` + n; base -1 = all harts (sbi 3.1, "Hart list parameter"). */

const ALL: u64 = ~0;

/** The named harts as a mask that starts at hart 0; 0 when a hart is named that the guest does not have. */
export function hartsOf(mask: u64, base: u64): u64 {
  const present = ((<u64>1) << vcpuCount) - 1;
  if (base == ALL) return present;
  if (base >= vcpuCount) return 0;
  const harts = mask << base;
  return harts >> base == mask && (harts & ~present) == 0 ? harts : 0;
}

/** Interrupts each of the harts by software: posted where the machine does that, else by a request. */
export function interruptEach(harts: u64): void {
  if (!isPosting) {
    requestEach(harts, REQUEST_SOFTWARE_INTERRUPT);
    return;
  }
  for (let index: u64 = 0; index < vcpuCount; index++) {
    if ((harts >> index) & 1) postIpi(index);
  }
}

/** Makes a request to each of the harts. */
export function requestEach(harts: u64, bits: u64): void {
  for (let index: u64 = 0; index < vcpuCount; index++) {
    if ((harts >> index) & 1) request(vcpuAt(index), bits);
  }
}
