import {
  SBI_DBCN_READ,
  SBI_DBCN_WRITE,
  SBI_DBCN_WRITE_BYTE,
  SBI_ERR_INVALID_PARAM,
  SBI_SUCCESS,
} from '../../shared/sbi.ts';
import { writeConsole, writeConsoleByte } from '../../vmm/devices/console.ts';
import { Outcome } from '../exits/outcome.ts';
import { hostOfRam } from '../../vmm/guest-ram.ts';
import { Vcpu } from '../vcpu/vcpu.ts';
import { answer, answerNotSupported } from './answer.ts';

/** The debug console extension; nobody types, so reading gives nothing (sbi 12). */
export function debugConsoleCall(vcpu: Vcpu): Outcome {
  const count = vcpu.x10;
  switch (vcpu.x16) {
    case SBI_DBCN_WRITE: {
      if (count == 0) return answer(vcpu, SBI_SUCCESS, 0);
      const bytes = vcpu.x12 == 0 ? hostOfRam(vcpu.x11, count) : 0;
      if (bytes == 0) return answer(vcpu, SBI_ERR_INVALID_PARAM, 0);
      writeConsole(bytes, count);
      return answer(vcpu, SBI_SUCCESS, count);
    }
    case SBI_DBCN_READ:
      return answer(vcpu, SBI_SUCCESS, 0);
    case SBI_DBCN_WRITE_BYTE:
      writeConsoleByte((<u32>vcpu.x10) & 0xff);
      return answer(vcpu, SBI_SUCCESS, 0);
    default:
      return answerNotSupported(vcpu);
  }
}
