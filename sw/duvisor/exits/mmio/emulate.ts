import * as cause from 'rv/cause';
import * as csr from 'rv/csr';
import { csrr, probe } from '../../../shared/rv.ts';
import {
  isDevice,
  readDevice,
  takeInterrupt,
  writeDevice,
} from '../../../vmm/devices/device-bus.ts';
import { isPosting, postVector } from '../../vm/posting.ts';
import { Vcpu, registerOf, setRegister } from '../../vcpu/vcpu.ts';
import { injectException } from '../inject.ts';
import { Outcome, RESUME_NEXT, RESUME_NEXT_COMPRESSED } from '../outcome.ts';
import {
  ACCESS_STORE,
  decodeAccess,
  extend,
  registerOfAccess,
} from '../../../shared/load-store.ts';
import { exitedInstruction, isExitedCompressed } from './instruction.ts';
import { inDecode } from '../../../planted-bugs/points.ts';

const PAGE_MASK: u64 = 0xfff;

/**
 * Carries out a load or store at a guest-physical address without RAM. What no device answers, what is neither a load nor a store
 * (a fetch, an atomic), and what the page walker did rather than the instruction (the offsets in the page then differ) is an
 * access fault of the guest, as on a machine with nothing at that address.
 */
export function emulateMmio(vcpu: Vcpu, exitCause: u64, address: u64): Outcome {
  if (exitCause == cause.instructionGuestPageFault)
    return injectException(vcpu, cause.instructionAccessFault);
  const fault: u64 =
    exitCause == cause.storeGuestPageFault ? cause.storeAccessFault : cause.loadAccessFault;
  if (!isDevice(address) || ((address ^ csrr(csr.utval)) & PAGE_MASK) != 0)
    return injectException(vcpu, fault);
  probe('decode');
  const instruction = exitedInstruction();
  inDecode(changetype<usize>(vcpu));
  const access = decodeAccess(instruction);
  if (access == 0) return injectException(vcpu, fault);
  probe('device');
  if (access & ACCESS_STORE) {
    writeDevice(address, registerOf(vcpu, registerOfAccess(access)), vcpu.index);
    const source = takeInterrupt(address);
    // the vCPU that works with the device is the one that its driver listens on
    if (isPosting && source != 0) postVector(vcpu.index, source);
  } else setRegister(vcpu, registerOfAccess(access), extend(readDevice(address), access));
  return isExitedCompressed(instruction) ? RESUME_NEXT_COMPRESSED : RESUME_NEXT;
}
