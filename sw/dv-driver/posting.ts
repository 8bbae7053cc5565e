import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrr, csrw, ld, sd, sw } from '../shared/rv.ts';
import { SBI_PMC_READ, SBI_PMC_WRITE, SBI_SUCCESS } from '../shared/sbi.ts';
import { EBUSY, EINVAL, ENODEV, ENOSPC } from '../shared/syscalls.ts';
import {
  doGuestsPost,
  postedAddress,
  postedSource,
  postedVcpus,
  postedVms,
} from '../host/machine.ts';
import { deviceAddress } from '../host/memory/page-table.ts';
import { hasPlic } from '../host/plic.ts';
import { pmcGrant } from '../host/sbi-client.ts';
import { DV_GUESTS_POST, DV_VCPU_COUNT } from './abi.ts';
import { hasVmid } from './features.ts';
import { VcpuState } from './vcpu-state.ts';
import { Vm } from './vm.ts';

/** Registers of the posted-interrupt unit (hw/dv-ext/posted-map.ts). */
const VCPUS: usize = 0x0;
const NOTIFY: usize = 0x1000;
const RECORDED: usize = 0x2000;
const WINDOW_BYTES: usize = 0x4_0000;
/** Bits of `recorded` and `notify` from here on stand for vectors, those below for virtual IPIs. */
const VECTORS_SHIFT: u64 = 32;
/** hu_vcpuid of a hart that runs no vCPU. */
export const NO_VCPU: u64 = 0xffff;

/** Assembly: see probes.asm.ts. */
declare function has_posting(): u64;

/** Whether virtual interrupts can be posted: by the harts, through a unit that can tell the kernel of what it records. */
export let hasPosting: bool = false;

function unit(): usize {
  return deviceAddress(postedAddress);
}

/** Finds out whether the machine posts; once, on the boot hart. */
export function probePosting(): void {
  hasPosting =
    hasVmid &&
    has_posting() != 0 &&
    postedAddress != 0 &&
    unit() != 0 &&
    postedSource != 0 &&
    hasPlic();
}

/** Looks at a hart that started later: all must be able to post, for a vCPU can move. */
export function probePostingAgain(): void {
  if (hasPosting && has_posting() == 0) hasPosting = false;
}

/** DV_ENABLE_POSTING: gives the VM vCPUs that can be posted to and, through its PMC, its window. */
export function enablePosting(vm: Vm, count: u64): i64 {
  if (!hasPosting) return -ENODEV;
  if (vm.vcpuCount != 0 || vm.postedVcpus != 0) return -EBUSY;
  if (count == 0 || count > postedVcpus) return -EINVAL;
  if (!hasWindow(vm.id)) return -ENOSPC;
  const window = windowOf(vm.id);
  if (pmcGrant(vm.id, window, WINDOW_BYTES, SBI_PMC_READ | SBI_PMC_WRITE) != SBI_SUCCESS)
    return -ENOSPC;
  vm.postedVcpus = count;
  setPostedVcpus(vm.id, count);
  return <i64>((<u64>window) | (doGuestsPost ? DV_GUESTS_POST : 0));
}

/** Whether the unit and the harts have room for a VM id. */
export function hasWindow(id: u64): bool {
  return id <= postedVms && isVmidWhole(id);
}

/** Physical address of a VM's window. */
export function windowOf(id: u64): usize {
  return postedAddress + <usize>id * WINDOW_BYTES;
}

/** Gives a VM this many vCPUs that can be posted to, and forgets everything about its id. */
export function setPostedVcpus(id: u64, count: u64): void {
  sw(unit() + VCPUS + ((<usize>id) << 2), <u32>count, 0);
}

/** Whether h_vmid has room for an id; it may hold another VM's, which is put back. */
function isVmidWhole(id: u64): bool {
  const present = csrr(csr.h_vmid);
  csrw(csr.h_vmid, id);
  const isWhole = csrr(csr.h_vmid) == id;
  csrw(csr.h_vmid, present);
  return isWhole;
}

/** End of a VM: whatever is recorded for it is forgotten, and nobody can post to it. */
export function endPosting(vm: Vm): void {
  if (vm.postedVcpus == 0) return;
  vm.postedVcpus = 0;
  setPostedVcpus(vm.id, 0);
}

function notifyWord(vcpu: VcpuState): usize {
  return unit() + NOTIFY + ((<usize>changetype<Vm>(vcpu.vm).id) << 3);
}

/** Whether this is the state of a thread that posts and is no vCPU. */
function isIoThread(vcpu: VcpuState): bool {
  return vcpu.id >= DV_VCPU_COUNT;
}

/** From now on what is posted to the vCPU is recorded: before its pending interrupts are saved, so that none falls between. */
export function detachPosting(): void {
  if (hasPosting) csrw(csr.hu_vcpuid, NO_VCPU);
}

/** From now on what is posted, and what is recorded, arrives on this hart: after its pending interrupts are in place. */
export function attachPosting(vcpu: VcpuState): void {
  if (changetype<Vm>(vcpu.vm).postedVcpus == 0) return;
  unwatch(vcpu);
  csrw(csr.hu_vcpuid, isIoThread(vcpu) ? NO_VCPU : vcpu.id);
}

/**
 * The vCPU, whose registers are saved, waits for an interrupt: the unit is to tell when one is recorded that the guest has enabled.
 * Returns whether one came before its registers were saved, so that it must not wait.
 */
export function watch(vcpu: VcpuState): bool {
  if (changetype<Vm>(vcpu.vm).postedVcpus == 0 || isIoThread(vcpu)) return false;
  const enabled = vcpu.huie;
  if ((vcpu.hvip & enabled & (1 << interrupt.vssip)) != 0) return true;
  let watched: u64 = 0;
  if ((enabled & (1 << interrupt.vssip)) != 0) watched |= 1 << vcpu.id;
  if ((enabled & (1 << interrupt.vseip)) != 0) watched |= 1 << (VECTORS_SHIFT + vcpu.id);
  if (watched == 0) return false;
  vcpu.watched = watched;
  const word = notifyWord(vcpu);
  sd(word, ld(word, 0) | watched, 0);
  return false;
}

/** The end of `watch`. */
export function unwatch(vcpu: VcpuState): void {
  if (vcpu.watched == 0) return;
  const word = notifyWord(vcpu);
  sd(word, ld(word, 0) & ~vcpu.watched, 0);
  vcpu.watched = 0;
}

/** Whether something is recorded that is watched for. */
export function isAwaited(vcpu: VcpuState): bool {
  if (vcpu.watched == 0) return false;
  const recorded = ld(unit() + RECORDED + ((<usize>changetype<Vm>(vcpu.vm).id) << 3), 0);
  return (recorded & vcpu.watched) != 0;
}
