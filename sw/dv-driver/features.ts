import * as csr from 'rv/csr';
import { csrr, csrw } from '../shared/rv.ts';
import { pmcLimits } from '../host/sbi-client.ts';

/** Assembly: see probes.asm.ts. */
declare function has_hypervisor(): u64;
declare function has_delegation(): u64;
declare function has_vmid(): u64;
declare function has_virtual_timer(): u64;
declare function has_time_delta(): u64;
declare function has_exit_instruction(): u64;

/** Whether the harts have the H extension. */
export let hasHypervisor: bool = false;
/** Whether the harts have the registers of an exit handler, the guest timer's included. */
export let hasExitRegisters: bool = false;
/** Whether VMs can be offered: DV-Ext with the guest timer's registers, and a PMC. */
export let isAvailable: bool = false;
/** Whether the harts have h_vmid. */
export let hasVmid: bool = false;
/** Whether the harts have hutinst. */
export let hasExitInstruction: bool = false;
/** Whether translations carry a VM's id; without it a change of VM drops them all. */
export let areTranslationsTagged: bool = false;

/** Finds out what the harts can do; once, on the boot hart. */
export function probeDriver(): void {
  hasHypervisor = has_hypervisor() != 0;
  if (!hasHypervisor || has_delegation() == 0) return;
  hasVmid = has_vmid() != 0;
  hasExitInstruction = has_exit_instruction() != 0;
  if (hasVmid) {
    csrw(csr.h_vmid, ~(<u64>0));
    areTranslationsTagged = csrr(csr.h_vmid) != 0;
    csrw(csr.h_vmid, 0);
  }
  // the exit handler gives its guests a time and a timer of their own
  hasExitRegisters = has_time_delta() != 0 && has_virtual_timer() != 0;
  isAvailable = hasExitRegisters && pmcLimits() != 0;
}
