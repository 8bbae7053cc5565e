import * as cause from 'rv/cause';
import * as csr from 'rv/csr';
import { currentHart } from '../../host/hart.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';
import { injectException } from './inject.ts';
import { fetchInstruction } from './instruction.ts';
import { BLOCK, CONTINUE, Next } from './next.ts';

const WFI: u32 = 0x1050_0073;
const WFI_BYTES: u64 = 4;

/** WFI of the guest's supervisor blocks its thread; everything else here is illegal in a guest without guests of its own. `priv 18.6.1` */
export function virtualInstruction(vcpu: KvmVcpu): Next {
  const reported = <u32>vcpu.stval;
  const instruction = reported != 0 ? reported : fetchInstruction(vcpu);
  if (instruction == 0) return CONTINUE;
  const isSupervisor = (vcpu.sstatus & csr.sstatus_spp) != 0;
  if (instruction != WFI || !isSupervisor) return injectException(vcpu, cause.illegalInstruction);
  vcpu.sepc += WFI_BYTES;
  if (vcpu.vm.isPosted == 0) return BLOCK;
  // nobody would tell of an interrupt that is recorded for a sleeping vCPU, so that it only gives its hart to others (dv-ext 8.2)
  currentHart().timeIsUp = 1;
  return CONTINUE;
}
