import { Registers } from '../shared/registers.ts';
import { ld, lw, sd, sp } from '../shared/rv.ts';
import { SBI_NULL } from '../shared/sbi.ts';
import {
  ARM_BASE,
  BUG_DECODE,
  BUG_DEVICE,
  BUG_EXIT,
  BUG_HYPERCALL,
  BUG_INTERRUPT,
  BUG_MEMORY,
  TARGET,
} from './arming.ts';

/** The bugs of table 6, in place of `points.ts` in the images of this folder. What each of them does to its machine is the machine's answer. */

/** Assembly: jump.asm.ts. */
declare function jump_to(address: usize): void;

/** Bytes that the exit handler copies onto its stack, which has room for fewer. */
const COPIED_BYTES: usize = 2048;
/** What the guest's state is full of. */
const GUEST_STATE: u64 = 0x4141_4141_4141_4140;

let armedVcpu: usize = 0;
let armedBug: u64 = 0;
/** An object of a pool of one: after it was freed the guest's data is in its place, while a pointer to it is still in use. */
const object: usize = memory.data(64, 8);
const never: usize = memory.data(8, 8);

/** Whether the armed vCPU has come to the bug; it fires once. */
function fires(vcpu: usize, bug: u64): bool {
  if (vcpu != armedVcpu || armedBug != bug) return false;
  armedBug = 0;
  return true;
}

function useAfterFree(): usize {
  const stale = object;
  // freed, and handed out again to hold what the guest sends
  sd(object, TARGET, 0);
  return <usize>ld(stale, 0);
}

/** The guest's call that chooses a bug arms it in each part of a hypervisor that the exit comes through. */
function arm(vcpu: usize): void {
  const registers = changetype<Registers>(vcpu);
  const bug = registers.a0 - ARM_BASE;
  if (registers.a7 != SBI_NULL || bug - BUG_MEMORY > BUG_DEVICE - BUG_MEMORY) return;
  armedVcpu = vcpu;
  armedBug = bug;
}

/** See points.ts. */
export function inHypercall(vcpu: usize): void {
  if (fires(vcpu, BUG_HYPERCALL)) while (lw(never, 0) == 0) {}
}

/** See points.ts. */
export function inExitHandler(vcpu: usize): void {
  if (!fires(vcpu, BUG_EXIT)) return arm(vcpu);
  const frame = sp();
  for (let at: usize = 0; at < COPIED_BYTES; at += 8) store<u64>(frame + at, GUEST_STATE);
}

/** See points.ts. */
export function inStage2Mapping(vcpu: usize, guest: u64, page: u64): u64 {
  // not once: every entry that this vCPU makes from now on is wrong
  return vcpu == armedVcpu && armedBug == BUG_MEMORY ? guest : page;
}

/** See points.ts. */
export function inInterrupt(vcpu: usize): void {
  if (fires(vcpu, BUG_INTERRUPT)) sd(useAfterFree(), GUEST_STATE, 0);
}

/** See points.ts. */
export function inDecode(vcpu: usize): void {
  if (fires(vcpu, BUG_DECODE)) sd(object, ld(0, 0), 0);
}

/** See points.ts. */
export function inDeviceCall(vcpu: usize): void {
  if (fires(vcpu, BUG_DEVICE)) jump_to(<usize>ld(useAfterFree(), 0));
}
