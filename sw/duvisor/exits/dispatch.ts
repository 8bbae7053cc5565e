import * as cause from 'rv/cause';
import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrr, csrw, probe } from '../../shared/rv.ts';
import { INTERRUPT } from '../../shared/trap-cause.ts';
import { prepareEntry, setWhereabouts } from '../vcpu/requests.ts';
import { IN_HYPERVISOR, Vcpu } from '../vcpu/vcpu.ts';
import { guestPageFault } from './guest-page-fault.ts';
import { hypercall } from './hypercall.ts';
import { deliverInjected } from './inject.ts';
import {
  INJECT,
  Outcome,
  RESUME_NEXT,
  RESUME_NEXT_COMPRESSED,
  RESUME_SAME,
  STOP,
} from './outcome.ts';
import { unexpectedExit } from './unexpected-exit.ts';
import { userSoftwareInterrupt } from './user-software-interrupt.ts';
import { userTimerInterrupt } from './user-timer-interrupt.ts';
import { virtualInstruction } from './virtual-instruction.ts';
import { beforeEntry } from '../../published/points.ts';
import { inExitHandler } from '../../planted-bugs/points.ts';

/** The handler of every exit; the table is total, what was never delegated ends the VM (duvisor 7.7). */
function handle(vcpu: Vcpu, exitCause: u64): Outcome {
  switch (exitCause) {
    case cause.environmentCallFromVS:
      return hypercall(vcpu);
    case cause.instructionGuestPageFault:
    case cause.loadGuestPageFault:
    case cause.storeGuestPageFault:
      return guestPageFault(vcpu, exitCause);
    case cause.virtualInstruction:
      return virtualInstruction(vcpu);
    case INTERRUPT | interrupt.usip:
      return userSoftwareInterrupt();
    case INTERRUPT | interrupt.utip:
      return userTimerInterrupt(vcpu);
    default:
      return unexpectedExit(exitCause);
  }
}

/**
 * Called by the world switch with the guest's registers saved: handles the exit and prepares the next entry.
 * 0 = enter the guest again, 1 = this vCPU stops.
 */
export function handle_exit(vcpu: Vcpu): i32 {
  setWhereabouts(vcpu, IN_HYPERVISOR);
  inExitHandler(changetype<usize>(vcpu));
  const outcome = handle(vcpu, csrr(csr.ucause));
  probe('leave');
  switch (outcome) {
    case RESUME_SAME:
      break;
    case RESUME_NEXT:
      csrw(csr.uepc, csrr(csr.uepc) + 4);
      break;
    case RESUME_NEXT_COMPRESSED:
      csrw(csr.uepc, csrr(csr.uepc) + 2);
      break;
    case INJECT:
      deliverInjected(vcpu);
      break;
    case STOP:
      return 1;
    default:
      break;
  }
  beforeEntry(vcpu.isTimerRaised != 0);
  return prepareEntry(vcpu) ? 0 : 1;
}
