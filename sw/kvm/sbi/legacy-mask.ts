import { KvmVcpu } from '../vcpu/vcpu.ts';
import { disableInterrupts, enableInterrupts } from '../interrupts-off.ts';
import { presentHarts } from './hart-mask.ts';

/** Assembly: guest-access.asm.ts. */
declare function kvm_read_word(address: u64, hstatus: u64, result: usize): u64;

/** No set of harts. */
export const UNREADABLE: u64 = ~0;

/** The harts whose mask lies at the guest's virtual address in a0; address 0 = all. UNREADABLE when nothing can be read there. `sbi 5.5` */
export function legacyHarts(vcpu: KvmVcpu): u64 {
  const present = presentHarts(vcpu.vm);
  const address = vcpu.a0;
  if (address == 0) return present;
  if ((address & 7) != 0) return UNREADABLE;
  const place = changetype<usize>(vcpu) + offsetof<KvmVcpu>('guestWord');
  disableInterrupts();
  const isRead = kvm_read_word(address, vcpu.hstatus, place) != 0;
  const mask = load<u64>(place);
  enableInterrupts();
  return isRead ? mask & present : UNREADABLE;
}
