import * as cause from 'rv/cause';
import * as csr from 'rv/csr';
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
  return BLOCK;
}
