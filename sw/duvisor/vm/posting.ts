import * as csr from 'rv/csr';
import { DV_ENABLE_POSTING, DV_GUESTS_POST } from '../../dv-driver/abi.ts';
import { IPI, postOperand } from '../../shared/posted-window.ts';
import { csrw } from '../../shared/rv.ts';
import { control } from '../../vmm/host.ts';
import { vcpuCount } from '../../vmm/options.ts';
import { driver } from './driver.ts';

/** Whether interrupts reach vCPUs through the posted-interrupt unit, without an exit. */
export let isPosting: bool = false;
/** Whether the guest may post to its vCPUs itself. */
export let doesGuestPost: bool = false;
/** Physical address of the VM's window of the unit. */
export let postedWindow: u64 = 0;

/** Asks for posted interrupts; a machine without them, or without room, leaves the VM with kicks. */
export function enablePosting(): void {
  const result = control(driver, DV_ENABLE_POSTING, vcpuCount);
  if (result < 0) return;
  isPosting = true;
  doesGuestPost = ((<u64>result) & DV_GUESTS_POST) != 0;
  postedWindow = (<u64>result) & ~DV_GUESTS_POST;
}

/** Posts an external interrupt to a vCPU of this VM, wherever it is. */
export function postVector(vcpu: u64, vector: u64): void {
  csrw(csr.hu_vitr, postOperand(vcpu, vector));
}

/** Posts a software interrupt to a vCPU of this VM, wherever it is. */
export function postIpi(vcpu: u64): void {
  postVector(vcpu, IPI);
}
