import * as cause from 'rv/cause';
import { probe } from '../../shared/rv.ts';
import {
  ACCESS_STORE,
  decodeAccess,
  registerOfAccess,
  sizeOfAccess,
} from '../../shared/load-store.ts';
import { readRegister } from '../../shared/registers.ts';
import { KVM_EXIT_MMIO } from '../abi.ts';
import { KvmVcpu, OWES_LOAD } from '../vcpu/vcpu.ts';
import { accessFaultFor } from './guest-page-fault.ts';
import { injectException } from './inject.ts';
import { exitedBytes, exitedInstruction } from './instruction.ts';
import { CONTINUE, Next, TO_PROCESS } from './next.ts';
import { inDecode } from '../../planted-bugs/points.ts';

const PAGE_MASK: u64 = 0xfff;

/**
 * Decodes an access to guest-physical addresses without memory and leaves it to the process. What is neither a load nor a store, or was the
 * page walker's (the offsets in the page then differ), is an access fault of the guest.
 */
export function emulateMmio(vcpu: KvmVcpu, address: u64): Next {
  const exitCause = vcpu.scause;
  const isFetch = exitCause == cause.instructionGuestPageFault;
  if (isFetch || ((address ^ vcpu.stval) & PAGE_MASK) != 0) {
    return injectException(vcpu, accessFaultFor(exitCause));
  }
  probe('decode');
  const instruction = exitedInstruction(vcpu);
  if (instruction == 0) return CONTINUE;
  inDecode(changetype<usize>(vcpu));
  const access = decodeAccess(instruction);
  if (access == 0) return injectException(vcpu, accessFaultFor(exitCause));
  const bytes = exitedBytes(vcpu, instruction);
  const run = vcpu.run;
  run.exitReason = KVM_EXIT_MMIO;
  run.mmioAddress = address;
  run.mmioBytes = (<u64>1) << sizeOfAccess(access);
  if (access & ACCESS_STORE) {
    run.mmioIsWrite = 1;
    run.mmioData = readRegister(changetype<usize>(vcpu), registerOfAccess(access));
    vcpu.sepc += bytes;
  } else {
    run.mmioIsWrite = 0;
    vcpu.owed = OWES_LOAD;
    vcpu.owedAccess = access;
    vcpu.owedBytes = bytes;
  }
  probe('transfer');
  return TO_PROCESS;
}
