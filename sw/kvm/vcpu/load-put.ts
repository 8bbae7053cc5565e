import * as csr from 'rv/csr';
import { csrr, csrw, hfence_gvma_all } from '../../shared/rv.ts';
import { GUEST_EXCEPTIONS, GUEST_INTERRUPTS } from '../../dv-driver/vcpu.ts';
import { currentHart, Hart, HART_CAPACITY } from '../../host/hart.ts';
import { attachPosting, detachPosting } from '../posting.ts';
import { fenceGuestTranslations } from './guest-fence.ts';
import { loadTimer } from './timer.ts';
import { KvmVcpu } from './vcpu.ts';

/** Cycle, time and retired instructions are free for the guest to read. */
const COUNTERS: u64 = 7;
/** The vCPU whose guest-virtual translations a hart may hold. */
const residents: usize = memory.data(256, 8);

function residentOf(hart: Hart): usize {
  return residents + <usize>(hart.id << 3);
}

/** Makes harts forget a vCPU that ends. */
export function forgetResident(vcpu: KvmVcpu): void {
  for (let at = residents; at < residents + <usize>(HART_CAPACITY << 3); at += 8) {
    if (load<usize>(at) == changetype<usize>(vcpu)) store<usize>(at, 0);
  }
}

/** Hands the guest's own traps to it; the DV-driver takes the bits back when its vCPUs leave a hart. */
function enableHypervisor(): void {
  csrw(csr.hedeleg, GUEST_EXCEPTIONS);
  csrw(csr.hideleg, GUEST_INTERRUPTS);
  csrw(csr.hcounteren, COUNTERS);
}

/** Puts the registers of the guest's supervisor on this hart: at every KVM_RUN, and not at exits that the kernel handles. `dv-ext 8.4` */
export function loadVcpu(vcpu: KvmVcpu): void {
  const hart = currentHart();
  if (csrr(csr.hedeleg) != GUEST_EXCEPTIONS) enableHypervisor();
  csrw(csr.vsstatus, vcpu.vsstatus);
  csrw(csr.vsie, vcpu.vsie);
  csrw(csr.vstvec, vcpu.vstvec);
  csrw(csr.vsscratch, vcpu.vsscratch);
  csrw(csr.vsepc, vcpu.vsepc);
  csrw(csr.vscause, vcpu.vscause);
  csrw(csr.vstval, vcpu.vstval);
  csrw(csr.hvip, vcpu.hvip);
  csrw(csr.vsatp, vcpu.vsatp);
  csrw(csr.hgatp, vcpu.vm.hgatp);
  csrw(csr.htimedelta, vcpu.vm.timeDelta);
  if (vcpu.lastHart != hart) {
    // what was fenced elsewhere meanwhile may still be cached here
    vcpu.lastHart = hart;
    hfence_gvma_all();
    store<usize>(residentOf(hart), 0);
  }
  if (load<usize>(residentOf(hart)) != changetype<usize>(vcpu)) {
    // address-space numbers are a vCPU's own
    store<usize>(residentOf(hart), changetype<usize>(vcpu));
    fenceGuestTranslations(vcpu);
  }
  attachPosting(vcpu);
  vcpu.hart = hart;
  loadTimer(vcpu, hart);
}

/** Takes the registers of the guest's supervisor off this hart, which then translates for no guest. */
export function putVcpu(vcpu: KvmVcpu): void {
  detachPosting(vcpu);
  csrw(csr.hgatp, 0);
  vcpu.vsstatus = csrr(csr.vsstatus);
  vcpu.vsie = csrr(csr.vsie);
  vcpu.vstvec = csrr(csr.vstvec);
  vcpu.vsscratch = csrr(csr.vsscratch);
  vcpu.vsepc = csrr(csr.vsepc);
  vcpu.vscause = csrr(csr.vscause);
  vcpu.vstval = csrr(csr.vstval);
  vcpu.hvip = csrr(csr.hvip);
  vcpu.vsatp = csrr(csr.vsatp);
  csrw(csr.hvip, 0);
  vcpu.hart = null;
}
