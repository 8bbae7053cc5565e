import { amoswap_d } from '../../shared/rv.ts';
import { request } from '../vcpu/requests.ts';
import { REQUEST_STOP, vcpuAt } from '../vcpu/vcpu.ts';
import { vcpuCount } from '../../vmm/options.ts';

const stopping: usize = memory.data(8, 8);
let status: u64 = 0;

/** Stops all vCPUs; the first caller decides the status of the process. */
export function stopVm(exitStatus: u64): void {
  if (amoswap_d(stopping, 1) == 0) status = exitStatus;
  for (let index: u64 = 0; index < vcpuCount; index++) request(vcpuAt(index), REQUEST_STOP);
}

/** Whether the VM is to end. */
export function isStopping(): bool {
  return load<u64>(stopping) != 0;
}

/** The status that `stopVm` was given. */
export function exitStatusOfVm(): u64 {
  return status;
}
