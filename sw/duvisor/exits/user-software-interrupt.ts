import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrc, probe } from '../../shared/rv.ts';
import { Outcome, RESUME_SAME } from './outcome.ts';

/** A kick: another thread made a request, which is looked at before the next entry. */
export function userSoftwareInterrupt(): Outcome {
  probe('handler');
  csrc(csr.huip, 1 << interrupt.usip);
  return RESUME_SAME;
}
