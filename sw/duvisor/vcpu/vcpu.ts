import { MAXIMUM_VCPUS } from '../../vmm/limits.ts';

/** What a vCPU can be asked to do by another thread; bits of `Vcpu.requests`, taken before each entry into the guest. */
export const REQUEST_SOFTWARE_INTERRUPT: u64 = 1 << 0;
/** Makes earlier stores visible to the guest's instruction fetches (sbi 8.1). */
export const REQUEST_FENCE_I: u64 = 1 << 1;
/** Drops the guest-virtual translations of this vCPU's hart (sbi 8.2). */
export const REQUEST_FENCE_VMA: u64 = 1 << 2;
/** Leaves the run loop, because the whole VM stops. */
export const REQUEST_STOP: u64 = 1 << 3;
/** Leaves the waiting state of a vCPU that was never started or stopped itself (sbi 9.1). */
export const REQUEST_START: u64 = 1 << 4;

/** Where the thread of a vCPU is: in the hypervisor, where it will look at its requests before it enters the guest again. */
export const IN_HYPERVISOR: u64 = 0;
/** In the guest or about to enter it: only a kick gets it out. */
export const IN_GUEST: u64 = 1;
/** Asleep until a request or a deadline. */
export const ASLEEP: u64 = 2;

/**
 * One virtual CPU: the guest's registers while its thread runs the hypervisor, and what the threads of the VM agree on about it.
 * The first 32 words are x0 to x31 in order and x0 stays 0, so register n is the word at 8 n for the exit handlers.
 * The exit's own registers (uepc, ucause, utval, hutval) stay in the hart: the driver keeps them over a host context switch.
 */
@unmanaged
export class Vcpu {
  x0: u64;
  x1: u64;
  x2: u64;
  x3: u64;
  x4: u64;
  x5: u64;
  x6: u64;
  x7: u64;
  x8: u64;
  x9: u64;
  x10: u64;
  x11: u64;
  x12: u64;
  x13: u64;
  x14: u64;
  x15: u64;
  x16: u64;
  x17: u64;
  x18: u64;
  x19: u64;
  x20: u64;
  x21: u64;
  x22: u64;
  x23: u64;
  x24: u64;
  x25: u64;
  x26: u64;
  x27: u64;
  x28: u64;
  x29: u64;
  x30: u64;
  x31: u64;
  /** Stack pointer of the run loop while the guest runs. */
  hostSp: u64;
  /** Number of the vCPU, the guest's hart id. */
  index: u64;
  /** Pending requests, changed only by atomic operations. */
  requests: u64;
  /** One of `IN_HYPERVISOR`, `IN_GUEST`, `ASLEEP`; written by the vCPU's own thread only. */
  whereabouts: u64;
  /** State of the guest's hart, one of the `SBI_HSM_STATE_` constants. */
  hartState: u64;
  /** Where `hart_start` lets the guest begin, and its second argument (sbi 9.1). */
  startAddress: u64;
  startArgument: u64;
  /** Exception that an outcome of `INJECT` delivers to the guest's supervisor. */
  injectedCause: u64;
  injectedValue: u64;
  /** Base of the table page this vCPU allocated and then lost a race for; 0 = none. */
  spareTable: u64;
  /** 1 when this vCPU's timer interrupt was raised by software, on harts whose virtual timer exits instead of interrupting. */
  isTimerRaised: u64;
  /** Mask of the one hart that the thread runs on. */
  affinity: u64;
  /** Word that the host clears when the thread of this vCPU ends. */
  threadId: u64;
}

const table: usize = memory.data(offsetof<Vcpu>() * MAXIMUM_VCPUS, 64);

/** The vCPU with this number. */
export function vcpuAt(index: u64): Vcpu {
  return changetype<Vcpu>(table + <usize>index * offsetof<Vcpu>());
}

/** Reads guest register x`register`. */
export function registerOf(vcpu: Vcpu, register: u32): u64 {
  return load<u64>(changetype<usize>(vcpu) + ((<usize>register) << 3));
}

/** Writes guest register x`register`; writes to x0 are lost, as in the hart. */
export function setRegister(vcpu: Vcpu, register: u32, value: u64): void {
  if (register != 0) store<u64>(changetype<usize>(vcpu) + ((<usize>register) << 3), value);
}
