import { KVM_EXIT_RISCV_SBI } from '../abi.ts';
import { Next, TO_PROCESS } from '../exits/next.ts';
import { KvmVcpu, OWES_SBI_ANSWER } from '../vcpu/vcpu.ts';

/** Leaves a call to the process, which has the console. */
export function forwardCall(vcpu: KvmVcpu): Next {
  const run = vcpu.run;
  run.exitReason = KVM_EXIT_RISCV_SBI;
  run.sbiExtension = vcpu.a7;
  run.sbiFunction = vcpu.a6;
  run.sbiArgument0 = vcpu.a0;
  run.sbiArgument1 = vcpu.a1;
  run.sbiArgument2 = vcpu.a2;
  vcpu.owed = OWES_SBI_ANSWER;
  return TO_PROCESS;
}
