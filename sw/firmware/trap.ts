import * as cause from 'rv/cause';
import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrr } from '../shared/rv.ts';
import { INTERRUPT } from '../shared/trap-cause.ts';
import { hasHypervisor } from './features.ts';
import { Fault, faultOf } from './guarded-access.ts';
import { Hart } from './hart.ts';
import { onSoftwareInterrupt } from './mailbox.ts';
import { emulateMisaligned, passIllegalInstruction } from './misaligned.ts';
import { redirectTrap } from './redirect.ts';
import { answerCall } from './sbi/dispatch.ts';
import { onTimerInterrupt } from './sbi/timer.ts';

function onInterrupt(hart: Hart, number: u64): void {
  if (number == interrupt.mtip) onTimerInterrupt();
  else if (number == interrupt.msip) onSoftwareInterrupt(hart);
}

/** A fault that the hart cannot delegate: passed on with everything it reported. */
function passFault(hart: Hart, number: u64): void {
  let fault: Fault | null = null;
  if (hasHypervisor) {
    const record = faultOf(hart);
    record.status = hart.status;
    record.value2 = csrr(csr.mtval2);
    record.instruction = csrr(csr.mtinst);
    fault = record;
  }
  redirectTrap(hart, number, csrr(csr.mtval), fault);
}

/** Every trap into M mode, called by the trap vector; what the hart's block says afterwards is resumed. */
export function onTrap(hart: Hart): void {
  const number = csrr(csr.mcause);
  if ((number & INTERRUPT) != 0) onInterrupt(hart, number & ~INTERRUPT);
  else if (number == cause.environmentCallFromHS) answerCall(hart);
  else if (number == cause.loadAddressMisaligned || number == cause.storeAddressMisaligned) {
    emulateMisaligned(hart, number);
  } else if (number == cause.illegalInstruction) passIllegalInstruction(hart);
  else passFault(hart, number);
}
