import {
  SBI_BASE,
  SBI_BASE_GET_IMPL_ID,
  SBI_BASE_GET_IMPL_VERSION,
  SBI_BASE_GET_MARCHID,
  SBI_BASE_GET_MIMPID,
  SBI_BASE_GET_MVENDORID,
  SBI_BASE_GET_SPEC_VERSION,
  SBI_BASE_PROBE_EXTENSION,
  SBI_DBCN,
  SBI_DEVICE,
  SBI_HSM,
  SBI_IPI,
  SBI_LEGACY_SHUTDOWN,
  SBI_NULL,
  SBI_RFENCE,
  SBI_SPEC_VERSION,
  SBI_SRST,
  SBI_SUCCESS,
  SBI_TIME,
} from '../../shared/sbi.ts';
import { Next } from '../exits/next.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';
import { answer, answerNotSupported } from './answer.ts';

/** Implementation id of this kernel's hypervisor (unassigned by the specification). `sbi 4.2` */
const IMPLEMENTATION_ID: u64 = 0x6b76;
const IMPLEMENTATION_VERSION: u64 = 1;

/** The base extension: what this SBI is and what it can do (sbi 4). The guest's hart has no vendor. */
export function baseCall(vcpu: KvmVcpu): Next {
  switch (vcpu.a6) {
    case SBI_BASE_GET_SPEC_VERSION:
      return answer(vcpu, SBI_SUCCESS, SBI_SPEC_VERSION);
    case SBI_BASE_GET_IMPL_ID:
      return answer(vcpu, SBI_SUCCESS, IMPLEMENTATION_ID);
    case SBI_BASE_GET_IMPL_VERSION:
      return answer(vcpu, SBI_SUCCESS, IMPLEMENTATION_VERSION);
    case SBI_BASE_PROBE_EXTENSION:
      return answer(vcpu, SBI_SUCCESS, isPresent(vcpu.a0) ? 1 : 0);
    case SBI_BASE_GET_MVENDORID:
    case SBI_BASE_GET_MARCHID:
    case SBI_BASE_GET_MIMPID:
      return answer(vcpu, SBI_SUCCESS, 0);
    default:
      return answerNotSupported(vcpu);
  }
}

function isPresent(extension: u64): bool {
  switch (extension) {
    case SBI_BASE:
    case SBI_TIME:
    case SBI_IPI:
    case SBI_RFENCE:
    case SBI_HSM:
    case SBI_SRST:
    case SBI_DBCN:
    case SBI_NULL:
    case SBI_DEVICE:
      return true;
    default:
      return extension <= SBI_LEGACY_SHUTDOWN;
  }
}
