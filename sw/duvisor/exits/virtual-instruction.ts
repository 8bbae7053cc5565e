import * as cause from 'rv/cause';
import * as csr from 'rv/csr';
import { csrr, probe } from '../../shared/rv.ts';
import { sleepUntilInterrupt } from '../vcpu/sleep.ts';
import { Vcpu } from '../vcpu/vcpu.ts';
import { injectException } from './inject.ts';
import { exitedInstruction } from './mmio/instruction.ts';
import { Outcome, RESUME_NEXT } from './outcome.ts';

const WFI: u32 = 0x1050_0073;

/**
 * WFI of the guest's supervisor blocks its thread. Every other instruction that traps here needs a hypervisor extension, which this
 * guest does not have, and WFI of its user program is illegal too: the guest gets an illegal-instruction exception (priv 18.6.1).
 */
export function virtualInstruction(vcpu: Vcpu): Outcome {
  probe('handler');
  const reported = <u32>csrr(csr.utval);
  const instruction = reported != 0 ? reported : exitedInstruction();
  const isSupervisor = (csrr(csr.hustatus) & csr.hstatus_spvp) != 0;
  if (instruction != WFI || !isSupervisor) return injectException(vcpu, cause.illegalInstruction);
  sleepUntilInterrupt(vcpu);
  return RESUME_NEXT;
}
