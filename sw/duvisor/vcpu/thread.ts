import { DV_GET_VMID, DV_REGISTER_VCPU, DV_UNREGISTER_VCPU } from '../../dv-driver/abi.ts';
import { cstr, fn_addr, sym_addr } from '../../shared/rv.ts';
import {
  SBI_HSM_STATE_STARTED,
  SBI_HSM_STATE_START_PENDING,
  SBI_HSM_STATE_STOPPED,
} from '../../shared/sbi.ts';
import { STATUS_DRIVER, failWith } from '../../vmm/failure.ts';
import { allowedHarts, control, restrictTo } from '../../vmm/host.ts';
import { setHartState } from '../sbi/hart-state.ts';
import { driver } from '../vm/driver.ts';
import { isStopping } from '../vm/shutdown.ts';
import { VCPU_STACK_BYTES } from '../../vmm/limits.ts';
import { prepareEntry, request, takeRequests } from './requests.ts';
import { resetGuest, resetHypervisorRegisters } from './reset.ts';
import { sleepUntilRequest } from './sleep.ts';
import { REQUEST_START, Vcpu } from './vcpu.ts';

/** The world switch (world-switch.asm.ts): runs the guest until an exit stops the vCPU. */
declare function run_guest(vcpu: Vcpu): void;
/** Begins a thread (sw/vmm/process.asm.ts). */
declare function start_thread(stackTop: usize, vcpu: Vcpu, threadId: usize, entry: usize): i64;

/** Creates a vCPU and its thread. vCPU 0 begins at once, the others when the guest starts them (sbi 9.1). */
export function createVcpu(vcpu: Vcpu, index: u64): void {
  vcpu.index = index;
  vcpu.hartState = index == 0 ? SBI_HSM_STATE_START_PENDING : SBI_HSM_STATE_STOPPED;
  if (index == 0) request(vcpu, REQUEST_START);
  const word = changetype<usize>(vcpu) + offsetof<Vcpu>('threadId');
  store<u32>(word, 1);
  const stackTop = sym_addr('vcpu_stacks') + <usize>((index + 1) * VCPU_STACK_BYTES);
  const result = start_thread(stackTop, vcpu, word, fn_addr(liveAsVcpu));
  if (result < 0) failWith(STATUS_DRIVER, cstr('cannot create the thread of a vCPU'), result);
}

/** The life of a vCPU's thread (duvisor 7.6). */
function liveAsVcpu(vcpu: Vcpu): void {
  pin(vcpu);
  const result = control(driver, DV_REGISTER_VCPU, vcpu.index);
  if (result < 0) failWith(STATUS_DRIVER, cstr('the DV-driver refuses a vCPU'), result);
  resetHypervisorRegisters();
  while (!isStopping()) {
    sleepUntilRequest(vcpu);
    const requests = takeRequests(vcpu);
    if (isStopping() || (requests & REQUEST_START) == 0) continue;
    resetGuest(vcpu);
    setHartState(vcpu, SBI_HSM_STATE_STARTED);
    if (prepareEntry(vcpu)) run_guest(vcpu);
  }
  control(driver, DV_UNREGISTER_VCPU, 0);
}

/** Puts the vCPUs of all VMs on the harts in turn; hart 0, which boots, comes last. */
function pin(vcpu: Vcpu): void {
  let harts = allowedHarts();
  const vm = <u64>control(driver, DV_GET_VMID, 0);
  const skipped = (vm + vcpu.index) % <u64>popcnt<u64>(harts);
  for (let count: u64 = 0; count < skipped; count++) harts &= harts - 1;
  vcpu.affinity = harts & (0 - harts);
  const result = restrictTo(changetype<usize>(vcpu) + offsetof<Vcpu>('affinity'));
  if (result < 0) failWith(STATUS_DRIVER, cstr('cannot pin a vCPU to a hart'), result);
}
