import * as cause from 'rv/cause';
import { probe } from '../../shared/rv.ts';
import { MemorySlot } from '../vm.ts';
import { slotOf } from '../memory-slots.ts';
import { backGuestPage, mapDevicePage } from '../memory/back.ts';
import { controllerPage } from '../posting.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';
import { injectException } from './inject.ts';
import { emulateMmio } from './mmio.ts';
import { CONTINUE, Next } from './next.ts';

/** Backs the missing page of RAM with the page that the process has there, or leaves the access to the process. */
export function guestPageFault(vcpu: KvmVcpu, set: u64): Next {
  const address = (vcpu.htval << 2) | (vcpu.stval & 3);
  const slot = slotOf(vcpu.vm, set, address >> 12);
  if (slot === null) {
    const device = controllerPage(vcpu.vm, address);
    return device == 0 ? emulateMmio(vcpu, address) : giveDevice(vcpu, address, device);
  }
  const isWrite = vcpu.scause == cause.storeGuestPageFault;
  if (!backGuestPage(vcpu, changetype<MemorySlot>(slot), address, isWrite)) {
    return injectException(vcpu, accessFaultFor(vcpu.scause));
  }
  probe('leave');
  return CONTINUE;
}

/** Lets the guest reach a page of the posted-interrupt unit. */
function giveDevice(vcpu: KvmVcpu, address: u64, device: usize): Next {
  if (!mapDevicePage(vcpu, address, device))
    return injectException(vcpu, accessFaultFor(vcpu.scause));
  probe('leave');
  return CONTINUE;
}

/** What the guest's own hart would report where nothing answers. */
export function accessFaultFor(exitCause: u64): u64 {
  if (exitCause == cause.instructionGuestPageFault) return cause.instructionAccessFault;
  return exitCause == cause.storeGuestPageFault ? cause.storeAccessFault : cause.loadAccessFault;
}
