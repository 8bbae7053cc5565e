import { cstr, probe } from '../../shared/rv.ts';
import { STATUS_EXIT, failWith } from '../../vmm/failure.ts';
import { Outcome, STOP } from './outcome.ts';

/** An exit that was never delegated to this hypervisor: nothing is known about the guest's state, so the VM ends. */
export function unexpectedExit(exitCause: u64): Outcome {
  probe('handler');
  failWith(STATUS_EXIT, cstr('unexpected exit with cause'), <i64>exitCause);
  return STOP;
}
