import { probe } from '../../shared/rv.ts';
import { SBI_ERR_NOT_SUPPORTED } from '../../shared/sbi.ts';
import { CONTINUE, Next } from '../exits/next.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';

/** Length of ecall. */
const ECALL_BYTES: u64 = 4;

/** Ends an SBI call with its error in a0 and its value in a1 (sbi 3). */
export function answer(vcpu: KvmVcpu, error: i64, value: u64): Next {
  vcpu.a0 = <u64>error;
  vcpu.a1 = value;
  vcpu.sepc += ECALL_BYTES;
  probe('leave');
  return CONTINUE;
}

/** Ends a call of SBI 0.1, whose only result is a0 (sbi 5). */
export function answerLegacy(vcpu: KvmVcpu, result: i64): Next {
  vcpu.a0 = <u64>result;
  vcpu.sepc += ECALL_BYTES;
  return CONTINUE;
}

/** Ends a call of a function that the extension does not have. */
export function answerNotSupported(vcpu: KvmVcpu): Next {
  return answer(vcpu, SBI_ERR_NOT_SUPPORTED, 0);
}
