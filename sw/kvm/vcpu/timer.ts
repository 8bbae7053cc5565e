import * as interrupt from 'rv/interrupt';
import { now } from '../../host/clock.ts';
import { Hart } from '../../host/hart.ts';
import { FOREVER } from '../../host/process/thread.ts';
import { arm } from '../../host/scheduler.ts';
import { disableInterrupts, enableInterrupts } from '../interrupts-off.ts';
import { lowerInterrupt, raiseOwnInterrupt } from './interrupts.ts';
import { KvmVcpu } from './vcpu.ts';

/** The guest's timer is a timer of the host: it goes off as an interrupt of the host, which makes the guest's pending. */

const TIMER: u64 = 1 << interrupt.vstip;

/** Sets the guest's timer to a `time` of the guest, and takes back an interrupt that is pending. `sbi 6.1` */
export function setGuestTimer(vcpu: KvmVcpu, guestTime: u64): void {
  lowerInterrupt(vcpu, TIMER);
  const deadline = guestTime - vcpu.vm.timeDelta;
  // the guest's time is behind: what overflows never comes
  vcpu.timerDeadline = deadline < guestTime ? FOREVER : deadline;
  const hart = vcpu.hart;
  if (hart === null) return;
  disableInterrupts();
  if (vcpu.timerDeadline < changetype<Hart>(hart).timer)
    arm(changetype<Hart>(hart), vcpu.timerDeadline);
  enableInterrupts();
}

/** The timer of a vCPU that comes to a hart. */
export function loadTimer(vcpu: KvmVcpu, hart: Hart): void {
  if (vcpu.timerDeadline == FOREVER) return;
  if (vcpu.timerDeadline <= now()) expire(vcpu);
  else if (vcpu.timerDeadline < hart.timer) arm(hart, vcpu.timerDeadline);
}

function expire(vcpu: KvmVcpu): void {
  vcpu.timerDeadline = FOREVER;
  raiseOwnInterrupt(vcpu, TIMER);
}

/** A timer interrupt of the host has come: raises the guest's if it is due, and gives when the timer is needed next. */
export function onHostTimer(vcpu: KvmVcpu, time: u64): u64 {
  if (vcpu.timerDeadline <= time) expire(vcpu);
  return vcpu.timerDeadline;
}
