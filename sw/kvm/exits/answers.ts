import { extend, registerOfAccess } from '../../shared/load-store.ts';
import { writeRegister } from '../../shared/registers.ts';
import { SBI_LEGACY_SHUTDOWN } from '../../shared/sbi.ts';
import { KvmVcpu, OWES_FORWARDED, OWES_LOAD, OWES_NOTHING, OWES_SBI_ANSWER } from '../vcpu/vcpu.ts';
import { takeForwarded } from './forward.ts';
import { CONTINUE, Next } from './next.ts';

/** Length of ecall. */
const ECALL_BYTES: u64 = 4;

/** Gives the guest what the process answered to its last exit. */
export function takeAnswer(vcpu: KvmVcpu, set: u64): Next {
  const owed = vcpu.owed;
  vcpu.owed = OWES_NOTHING;
  if (owed == OWES_FORWARDED) return takeForwarded(vcpu, set);
  const run = vcpu.run;
  if (owed == OWES_LOAD) {
    const access = <u32>vcpu.owedAccess;
    writeRegister(changetype<usize>(vcpu), registerOfAccess(access), extend(run.mmioData, access));
    vcpu.sepc += vcpu.owedBytes;
  } else if (owed == OWES_SBI_ANSWER) {
    vcpu.a0 = <u64>run.sbiError;
    // the extensions of SBI 0.1 have one result
    if (run.sbiExtension > SBI_LEGACY_SHUTDOWN) vcpu.a1 = run.sbiValue;
    vcpu.sepc += ECALL_BYTES;
  }
  return CONTINUE;
}
