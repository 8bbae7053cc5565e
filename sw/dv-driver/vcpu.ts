import * as cause from 'rv/cause';
import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { zeroBytes } from '../shared/bytes.ts';
import { csrc, csrr, csrrw, csrs, csrw, hfence_gvma_all, hfence_vvma_all } from '../shared/rv.ts';
import { ALL_COUNTERS } from '../host/hart.ts';
import { Thread } from '../host/process/thread.ts';
import { pmcSwitch } from '../host/sbi-client.ts';
import { areTranslationsTagged, hasExitInstruction, hasVmid } from './features.ts';
import { attachPosting, detachPosting, unwatch } from './posting.ts';
import { VcpuState } from './vcpu-state.ts';
import { residentAt } from './residence.ts';
import { VCPU_CAPACITY, vcpuAt, Vm } from './vm.ts';

/** What the guest's own kernel handles: its breakpoints, system calls, illegal and misaligned instructions and page faults. `priv 18.2.2` */
export const GUEST_EXCEPTIONS: u64 =
  (1 << cause.instructionAddressMisaligned) |
  (1 << cause.illegalInstruction) |
  (1 << cause.breakpoint) |
  (1 << cause.loadAddressMisaligned) |
  (1 << cause.storeAddressMisaligned) |
  (1 << cause.environmentCallFromU) |
  (1 << cause.instructionPageFault) |
  (1 << cause.loadPageFault) |
  (1 << cause.storePageFault);
/** The interrupts of its supervisor. */
export const GUEST_INTERRUPTS: u64 =
  (1 << interrupt.vssip) | (1 << interrupt.vstip) | (1 << interrupt.vseip);
/** Pending bits that software sets; the timer's are lines of the hart. */
const SOFTWARE_PENDING: u64 = 1 << interrupt.usip;
const NEVER: u64 = 0xffff_ffff_ffff_ffff;

/** Takes the registers of the vCPU off this hart and closes DV-Ext. */
export function saveVcpu(vcpu: VcpuState): void {
  detachPosting();
  vcpu.hstatus = csrr(csr.hstatus);
  vcpu.hustatus = csrr(csr.hustatus);
  vcpu.hcounteren = csrr(csr.hcounteren);
  vcpu.htimedelta = csrr(csr.htimedelta);
  vcpu.hutval = csrr(csr.hutval);
  if (hasExitInstruction) vcpu.hutinst = csrr(csr.hutinst);
  vcpu.hgatp = csrr(csr.hgatp);
  vcpu.hvip = csrr(csr.hvip);
  vcpu.huie = csrr(csr.huie);
  vcpu.huip = csrr(csr.huip) & SOFTWARE_PENDING;
  vcpu.utvec = csrr(csr.utvec);
  vcpu.uscratch = csrr(csr.uscratch);
  vcpu.uepc = csrr(csr.uepc);
  vcpu.ucause = csrr(csr.ucause);
  vcpu.utval = csrr(csr.utval);
  vcpu.scounteren = csrrw(csr.scounteren, ALL_COUNTERS);
  vcpu.senvcfg = csrrw(csr.senvcfg, 0);
  vcpu.vsstatus = csrr(csr.vsstatus);
  vcpu.vstvec = csrr(csr.vstvec);
  vcpu.vsscratch = csrr(csr.vsscratch);
  vcpu.vsepc = csrr(csr.vsepc);
  vcpu.vscause = csrr(csr.vscause);
  vcpu.vstval = csrr(csr.vstval);
  vcpu.vsatp = csrr(csr.vsatp);
  vcpu.vtimecmp = csrr(csr.vtimecmp);
  vcpu.vtimectl = csrr(csr.vtimectl);
  // the line must be low before the pending bits are cleared
  csrw(csr.vtimectl, 0);
  csrc(csr.huip, SOFTWARE_PENDING);
  csrw(csr.huie, 0);
  csrw(csr.hvip, 0);
  csrw(csr.sedeleg, 0);
  csrw(csr.sideleg, 0);
  csrw(csr.hedeleg, 0);
  csrw(csr.hideleg, 0);
  csrw(csr.hgatp, 0);
  csrw(csr.hstatus, vcpu.hstatus & ~(csr.hstatus_hu | csr.hstatus_spv));
}

/** Puts the vCPU on this hart: its VM's PMC ranges and id, delegation, registers. */
export function loadVcpu(vcpu: VcpuState): void {
  const vm = changetype<Vm>(vcpu.vm);
  const resident = residentAt();
  if (resident.vm != vm.id) {
    resident.vm = vm.id;
    pmcSwitch(vm.id);
    if (hasVmid) csrw(csr.h_vmid, vm.id);
    if (!areTranslationsTagged) hfence_gvma_all();
  }
  csrw(csr.hedeleg, GUEST_EXCEPTIONS);
  csrw(csr.hideleg, GUEST_INTERRUPTS);
  csrw(csr.sedeleg, vm.exceptions);
  csrw(csr.sideleg, vm.interrupts);
  csrw(csr.hgatp, vcpu.hgatp);
  csrw(csr.hcounteren, vcpu.hcounteren);
  csrw(csr.htimedelta, vcpu.htimedelta);
  csrw(csr.hutval, vcpu.hutval);
  if (hasExitInstruction) csrw(csr.hutinst, vcpu.hutinst);
  csrw(csr.utvec, vcpu.utvec);
  csrw(csr.uscratch, vcpu.uscratch);
  csrw(csr.uepc, vcpu.uepc);
  csrw(csr.ucause, vcpu.ucause);
  csrw(csr.utval, vcpu.utval);
  csrw(csr.scounteren, vcpu.scounteren);
  csrw(csr.senvcfg, vcpu.senvcfg);
  csrw(csr.vsstatus, vcpu.vsstatus);
  csrw(csr.vstvec, vcpu.vstvec);
  csrw(csr.vsscratch, vcpu.vsscratch);
  csrw(csr.vsepc, vcpu.vsepc);
  csrw(csr.vscause, vcpu.vscause);
  csrw(csr.vstval, vcpu.vstval);
  csrw(csr.vsatp, vcpu.vsatp);
  if (vcpu.lastHart != changetype<usize>(resident)) {
    // what it fenced on another hart meanwhile may still be cached on this one
    vcpu.lastHart = changetype<usize>(resident);
    resident.vcpu = 0;
    hfence_gvma_all();
  }
  if (resident.vcpu != changetype<usize>(vcpu)) {
    // address-space numbers are a vCPU's own: another vCPU of the VM may use them differently
    resident.vcpu = changetype<usize>(vcpu);
    hfence_vvma_all();
  }
  csrw(csr.vtimecmp, vcpu.vtimecmp);
  csrw(csr.vtimectl, vcpu.vtimectl);
  csrw(csr.hvip, vcpu.hvip);
  csrw(csr.huie, vcpu.huie);
  csrs(csr.huip, vcpu.huip);
  attachPosting(vcpu);
  csrw(csr.hustatus, vcpu.hustatus);
  csrw(csr.hstatus, vcpu.hstatus);
}

/** Makes a free vCPU row that of a VM, with DV-Ext open and nothing pending; null when there is none. */
export function makeVcpu(vm: Vm, id: u64): VcpuState | null {
  for (let i: u64 = 0; i < VCPU_CAPACITY; i++) {
    const vcpu = vcpuAt(i);
    if (vcpu.vm !== null) continue;
    zeroBytes(changetype<usize>(vcpu), offsetof<VcpuState>());
    vcpu.vm = vm;
    vcpu.id = id;
    vcpu.hstatus = csrr(csr.hstatus) | csr.hstatus_hu;
    vcpu.hgatp = vm.hgatp;
    vcpu.scounteren = ALL_COUNTERS;
    vcpu.vtimecmp = NEVER;
    vm.vcpuCount++;
    return vcpu;
  }
  return null;
}

/** Raises the USIP exit that another thread asked for, on the hart that is about to resume the vCPU. */
export function deliverKick(vcpu: VcpuState): void {
  if (vcpu.isKicked == 0) return;
  vcpu.isKicked = 0;
  csrs(csr.huip, 1 << interrupt.usip);
}

/** Ends a thread's life as a vCPU; its registers must be off the hart already. */
export function dropVcpu(thread: Thread): void {
  const vcpu = thread.vcpu;
  if (vcpu === null) return;
  unwatch(vcpu);
  changetype<Vm>(vcpu.vm).vcpuCount--;
  vcpu.vm = null;
  thread.vcpu = null;
}
