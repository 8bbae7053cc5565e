import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import {
  amoand_d,
  amoor_d,
  amoswap_d,
  csrc,
  csrr,
  csrs,
  csrw,
  fence,
  FENCE_RW,
  ld,
} from '../../shared/rv.ts';
import { kickVcpu } from './kick.ts';
import { KvmVcpu } from './vcpu.ts';

/**
 * VS-level interrupts that software injects. Whoever raises one marks it in the vCPU and kicks; the vCPU's own hart brings it to `hvip` before
 * it enters the guest.
 */

function pendingWord(vcpu: KvmVcpu): usize {
  return changetype<usize>(vcpu) + offsetof<KvmVcpu>('pendingInterrupts');
}

function changedWord(vcpu: KvmVcpu): usize {
  return changetype<usize>(vcpu) + offsetof<KvmVcpu>('changedInterrupts');
}

/** Makes an interrupt pending, from any hart. */
export function raiseInterrupt(vcpu: KvmVcpu, bit: u64): void {
  amoor_d(pendingWord(vcpu), bit);
  fence(FENCE_RW, FENCE_RW);
  amoor_d(changedWord(vcpu), bit);
  kickVcpu(vcpu);
}

/** Makes an interrupt pending for the vCPU of this hart, which looks before it goes on. */
export function raiseOwnInterrupt(vcpu: KvmVcpu, bit: u64): void {
  amoor_d(pendingWord(vcpu), bit);
  amoor_d(changedWord(vcpu), bit);
}

/** Takes an interrupt back. */
export function lowerInterrupt(vcpu: KvmVcpu, bit: u64): void {
  amoand_d(pendingWord(vcpu), ~bit);
  fence(FENCE_RW, FENCE_RW);
  amoor_d(changedWord(vcpu), bit);
}

/** Brings what others raised and took back to the value for `hvip`. */
export function flushInterrupts(vcpu: KvmVcpu): void {
  if (ld(changedWord(vcpu), 0) == 0) return;
  const changed = amoswap_d(changedWord(vcpu), 0);
  const pending = ld(pendingWord(vcpu), 0) & changed;
  vcpu.hvip = (vcpu.hvip & ~changed) | pending;
}

const SOFTWARE: u64 = 1 << interrupt.vssip;
/** Pending bits that only software sets where software interrupts are posted: the hart sets VSSIP. */
const NEVER_POSTED: u64 = (1 << interrupt.vstip) | (1 << interrupt.vseip);

/** Tells the hart. */
export function updateHvip(vcpu: KvmVcpu): void {
  if (vcpu.isPosted != 0) updatePostedHvip(vcpu);
  else csrw(csr.hvip, vcpu.hvip);
}

function updatePostedHvip(vcpu: KvmVcpu): void {
  csrc(csr.hvip, NEVER_POSTED & ~vcpu.hvip);
  csrs(csr.hvip, NEVER_POSTED & vcpu.hvip);
}

/** Learns what the guest enabled, and whether it took its software interrupt back: it may write that bit itself. */
export function syncInterrupts(vcpu: KvmVcpu): void {
  vcpu.vsie = csrr(csr.vsie);
  const present = csrr(csr.hvip);
  const isAsKnown = vcpu.isPosted != 0 || ((vcpu.hvip ^ present) & SOFTWARE) == 0;
  if (!isAsKnown) syncSoftwareInterrupt(vcpu, present);
}

function syncSoftwareInterrupt(vcpu: KvmVcpu, present: u64): void {
  if ((present & SOFTWARE) == 0) {
    // unless it was raised again meanwhile
    if ((ld(changedWord(vcpu), 0) & SOFTWARE) == 0) amoand_d(pendingWord(vcpu), ~SOFTWARE);
  } else if ((amoor_d(changedWord(vcpu), SOFTWARE) & SOFTWARE) == 0) {
    amoor_d(pendingWord(vcpu), SOFTWARE);
  }
  vcpu.hvip = present;
}

/** Whether an interrupt that the guest enabled is pending, whatever sstatus.SIE says. `priv 3.3.3` */
export function isInterruptPending(vcpu: KvmVcpu): bool {
  // the guest's enables are one place below the interrupts' numbers in hvip
  return ((vcpu.vsie << 1) & ld(pendingWord(vcpu), 0)) != 0;
}
