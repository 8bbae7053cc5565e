import { Registers } from '../shared/registers.ts';

/**
 * The door of the in-kernel hypervisor: requests that a process makes with ioctl on "/dev/kvm". Their numbers are those of Linux; Linux
 * hands out a descriptor per VM and per vCPU, here a process has one VM and names its vCPUs. Results are the ioctl's value,
 * failures negative error numbers of sw/shared/syscalls.ts. `dv-ext 8`
 *
 * openat("/dev/kvm", O_RDWR): creates the process's VM. EBUSY: it has one. ENODEV: the harts lack the H extension, or have a PMC, which
 * would refuse a guest that nobody granted anything. ENOSPC: no VM is free. ENOMEM.
 */

/** ioctl(fd, KVM_GET_API_VERSION, 0) → KVM_API_VERSION. */
export const KVM_GET_API_VERSION: u64 = 0xae00;
/** Version of this interface. */
export const KVM_API_VERSION: u64 = 12;

/**
 * ioctl(fd, KVM_SET_USER_MEMORY_REGION, MemoryRegion*) → 0: private memory of the process becomes RAM of the guest. EINVAL: alignment, size
 * or overlap. ENOSPC: all slots are taken. EFAULT.
 */
export const KVM_SET_USER_MEMORY_REGION: u64 = 0x4020_ae46;

/**
 * ioctl(fd, KVM_CREATE_VCPU, id) → user address of the vCPU's RunPage. vCPU 0 begins when it is first run, others when the guest starts them.
 * EINVAL: id ≥ KVM_VCPU_COUNT. EEXIST. ENOMEM.
 */
export const KVM_CREATE_VCPU: u64 = 0xae41;
/** vCPU ids are below this. */
export const KVM_VCPU_COUNT: u64 = 8;

/**
 * ioctl(fd, KVM_CREATE_IRQCHIP, guest-physical address) → 0, or KVM_GUESTS_POST if the guest itself may write hu_vitr: from now on interrupts reach
 * vCPUs through the posted-interrupt unit of DV-Ext, without an exit, and the guest finds its interrupt controller, PLIC-shaped, at that
 * address. ENODEV: the machine does not post. EEXIST: it was called before. EBUSY: there is a vCPU. ENOSPC: the unit has no place for the
 * VM. EINVAL: alignment. Linux decides by itself what it emulates.
 */
export const KVM_CREATE_IRQCHIP: u64 = 0xae60;
/** Result of KVM_CREATE_IRQCHIP: the guest may post. */
export const KVM_GUESTS_POST: u64 = 1;

/**
 * ioctl(fd, KVM_ENABLE_CAP, capability) → 0: how the VM differs from others, before its first vCPU. EINVAL: no such capability. EBUSY: there is a vCPU.
 * ENODEV: the harts lack the registers.
 */
export const KVM_ENABLE_CAP: u64 = 0x4068_aea3;
/** Each world switch also switches the registers of DV-Ext. */
export const KVM_CAP_DV_STATE: u64 = 1;
/** Every exit is the process's: KVM_EXIT_FORWARDED. */
export const KVM_CAP_FORWARD_EXITS: u64 = 2;

/**
 * ioctl(fd, KVM_INTERRUPT, source) → 0: posts a source of the interrupt controller to vCPU 0. ENODEV: there is no controller. EINVAL: no such source.
 */
export const KVM_INTERRUPT: u64 = 0x4004_ae86;
/** ioctl(fd, KVM_SET_LINE, id, or id | KVM_LINE_LOW) → 0: raises the external interrupt of a vCPU, or takes it back. EINVAL: no such vCPU. */
export const KVM_SET_LINE: u64 = 0x4008_ae61;
/** Takes the interrupt back. */
export const KVM_LINE_LOW: u64 = 1 << 32;
/** Highest source of the interrupt controller. */
export const KVM_SOURCES: u64 = 63;

/** ioctl(fd, KVM_SET_ENTRY, EntryRegisters*) → 0: where vCPU 0 begins, and its a1. EFAULT. Linux sets registers one by one (KVM_SET_ONE_REG). */
export const KVM_SET_ENTRY: u64 = 0xaeac;

/**
 * ioctl(fd, KVM_RUN, id) → 0: runs the guest until the process has to act; RunPage says why, and the next KVM_RUN takes its answer.
 * EINVAL: no such vCPU. EBUSY: another thread runs it.
 */
export const KVM_RUN: u64 = 0xae80;

/** RunPage.exitReason: a guest accessed an address without memory; a load expects `mmioData`. */
export const KVM_EXIT_MMIO: u64 = 6;
/** RunPage.exitReason: the guest did what the kernel cannot go on from. */
export const KVM_EXIT_INTERNAL_ERROR: u64 = 17;
/** RunPage.exitReason: the guest asked for the end of its machine; `systemReason` is the SBI's reason. */
export const KVM_EXIT_SYSTEM_EVENT: u64 = 24;
/** RunPage.exitReason: an SBI call for the process; it expects `sbiError` and `sbiValue`. */
export const KVM_EXIT_RISCV_SBI: u64 = 35;

/** RunPage.exitReason: any exit of a VM with KVM_CAP_FORWARD_EXITS; `forwarded` of the page says which, and takes what the process makes of it. */
export const KVM_EXIT_FORWARDED: u64 = 64;

/** ForwardedExit.answer: the guest goes on with the registers in the page. */
export const ANSWER_RESUME: u64 = 0;
/** ForwardedExit.answer: what has to be done is the kernel's to do; it may exit again, with another reason. */
export const ANSWER_KERNEL: u64 = 1;

/** Argument of KVM_SET_USER_MEMORY_REGION; all are multiples of 4 KiB. */
@unmanaged
export class MemoryRegion {
  guestPhysical: u64;
  bytes: u64;
  /** Where the process has it. */
  userAddress: u64;
}

/** Argument of KVM_SET_ENTRY. */
@unmanaged
export class EntryRegisters {
  pc: u64;
  a1: u64;
}

/** What kernel and process tell each other of one vCPU; a page that both see. */
@unmanaged
export class RunPage {
  /** KVM_EXIT_*. */
  exitReason: u64;
  /** The access: guest-physical address, bytes, 1 = store, value. */
  mmioAddress: u64;
  mmioBytes: u64;
  mmioIsWrite: u64;
  mmioData: u64;
  /** The call: a7, a6, a0 to a2. */
  sbiExtension: u64;
  sbiFunction: u64;
  sbiArgument0: u64;
  sbiArgument1: u64;
  sbiArgument2: u64;
  /** Its answer: a0, a1. */
  sbiError: i64;
  sbiValue: u64;
  systemReason: u64;
  /** Cause of an exit that nobody handles. */
  errorCause: u64;
}

/** A forwarded exit, behind the RunPage in the same page: the guest's registers, why it exited, and the process's answer. */
@unmanaged
export class ForwardedExit extends Registers {
  pc: u64;
  cause: u64;
  /** stval and htval. */
  value: u64;
  guestAddress: u64;
  /** The instruction of an access to an address without memory; 0 = it could not be read. */
  instruction: u64;
  answer: u64;
}

const FORWARDED_OFFSET: usize = 256;

/** The forwarded exit of a page. */
export function forwardedExit(run: RunPage): ForwardedExit {
  return changetype<ForwardedExit>(changetype<usize>(run) + FORWARDED_OFFSET);
}
