/**
 * The DV-driver's only door: requests that a process makes with ioctl on "/dev/dv-driver". Results are the ioctl's value;
 * failures are negative error numbers of sw/shared/syscalls.ts. One VM per process. `duvisor 6.1`, with the flaws of 6.2-6.7 closed.
 *
 * Life of a VM: openat → DV_REQUEST_DELEG → mmap (one grant per contiguous block: guest RAM, stage-2 tables) → DV_QUERY_PHYSICAL →
 * DV_SET_STAGE2_ROOT → each vCPU thread: sched_setaffinity to one hart, DV_REGISTER_VCPU, then the HU registers are its own
 * (utvec, huvs*, hustatus, vtimer…), HURET enters → DV_UNREGISTER_VCPU → close or process end.
 * Nothing here is on the path of a VM exit.
 *
 * openat("/dev/dv-driver", O_RDWR): creates the process's VM. EBUSY: the process has one already. ENODEV: the machine lacks DV-Ext,
 * its time and timer registers (htimedelta, vtimecmp), or the PMC. ENOSPC: no VM id is free.
 *
 * mmap(0, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0): a grant: physically contiguous memory, mapped here at once and put into the
 * VM's PMC ranges with read, write and execute. The length is rounded up to 4 KiB; blocks of 2 MiB or more start at a multiple
 * of 2 MiB (physical and virtual), so that stage 2 can use 2 MiB pages; a power of two costs one PMC entry, other lengths up to two.
 * Contents: never another process's data, otherwise unspecified (zero on a machine whose memory powers up as zero). 16 KiB alignment
 * is kept for any block of 16 KiB or more. EINVAL (offset, address not 0, length 0), EDQUOT (more than DV_GRANT_QUOTA_PERCENT of RAM
 * for this VM), ENOMEM (no contiguous block), ENOSPC (PMC entries, or DV_GRANT_COUNT blocks). munmap on a grant: EINVAL; use DV_RELEASE.
 *
 * When the guest or the exit handler breaks a rule that only the driver can judge (PMC fault, posting fault, or any trap from V=1
 * that was not delegated), the process ends with status 135 (SIGBUS) and its grants are revoked; other VMs and the host go on.
 */

/** ioctl(fd, DV_GET_API_VERSION, 0) → DV_API_VERSION. */
export const DV_GET_API_VERSION: u64 = 0x6b01;
/** Version of this interface. */
export const DV_API_VERSION: u64 = 1;

/** ioctl(fd, DV_REQUEST_DELEG, DelegationRequest*) → 0. EPERM: a bit outside the whitelists. EFAULT. EBUSY: a vCPU is registered. */
export const DV_REQUEST_DELEG: u64 = 0x6b03;
/** Exceptions that may be delegated to the exit handler: 10, 20, 21, 22, 23. `duvisor 6.4` */
export const DV_DELEGABLE_EXCEPTIONS: u64 =
  (1 << 10) | (1 << 20) | (1 << 21) | (1 << 22) | (1 << 23);
/** Interrupts that may be delegated to the exit handler: USIP (0) and UTIP (4). `duvisor 6.4` */
export const DV_DELEGABLE_INTERRUPTS: u64 = (1 << 0) | (1 << 4);

/**
 * ioctl(fd, DV_REGISTER_VCPU, id) → 0: the calling thread becomes vCPU `id`; sets h_enable (hstatus.HU), h_deleg and h_vmid
 * for it from the return of this call on, on whichever hart it runs.
 * EINVAL: id ≥ DV_VCPU_COUNT, or the thread may run on more than one hart. EEXIST: another thread is that vCPU. EBUSY: the
 * thread is a vCPU already. EPERM: delegation has not been requested.
 */
export const DV_REGISTER_VCPU: u64 = 0x6b04;
/** ioctl(fd, DV_UNREGISTER_VCPU, 0) → 0: the reverse, for the calling thread; the HU registers are closed to it again. EINVAL: it is no vCPU. */
export const DV_UNREGISTER_VCPU: u64 = 0x6b05;
/** vCPU ids are below this. */
export const DV_VCPU_COUNT: u64 = 64;

/** ioctl(fd, DV_QUERY_PHYSICAL, virtual address) → physical address: any address inside a grant, need not be aligned. EFAULT: not in a grant. */
export const DV_QUERY_PHYSICAL: u64 = 0x6b06;

/**
 * ioctl(fd, DV_RELEASE, start of a grant as mmap returned it) → 0: unmaps the whole block here, revokes it from the VM on all harts
 * (PMC and TLBs), frees it. EINVAL: not the start of a grant. EBUSY: the stage-2 root lies in it.
 */
export const DV_RELEASE: u64 = 0x6b07;

/** ioctl(fd, DV_GET_VMID, 0) → the VM's id (`h_vmid`), 1 or more; recycled after the VM's end. */
export const DV_GET_VMID: u64 = 0x6b09;

/**
 * ioctl(fd, DV_SET_STAGE2_ROOT, physical address or 0) → 0: root of the Sv39x4 table for all vCPUs of the VM, 16 KiB aligned, whole root (16 KiB)
 * inside one grant; 0 returns to "none" (a vCPU that runs without root has Bare stage 2 and PMC as its only bound).
 * Takes effect at once. EINVAL: alignment. EFAULT: not in a grant. EBUSY: another thread is a vCPU.
 */
export const DV_SET_STAGE2_ROOT: u64 = 0x6b0a;

/**
 * ioctl(fd, DV_KICK_VCPU, id) → 1 if it was running on a hart, 0 if not: makes that vCPU of this VM leave the guest with a USIP exit (interrupt cause 0,
 * if DV_REQUEST_DELEG asked for it); when the vCPU is not running, the exit happens as soon as it next enters with HURET.
 * The handler clears it in huip (bit 0). For user-level hypervisors on machines without posted interrupts. EINVAL: no such vCPU.
 */
export const DV_KICK_VCPU: u64 = 0x6b0b;

/**
 * ioctl(fd, DV_FENCE_GUEST, 0) → 0: drops cached stage-2 translations of this VM on all harts, before the call returns (the local
 * hart alone is done without a call by HUFENCE.GVMA).
 */
export const DV_FENCE_GUEST: u64 = 0x6b0c;

/**
 * ioctl(fd, DV_ENABLE_POSTING, number of vCPUs) → physical address of the VM's window of the posted-interrupt unit, plus DV_GUESTS_POST if
 * the guest itself may write hu_vitr. The VM has vCPUs 0 to number - 1 for hu_vitr, whether their threads exist yet or not; a
 * post to any other is a posting fault, which ends the process. The window (256 KiB: priorities, pending, enables at
 * 0, 0x1000, 0x2000, a page for each vCPU from 0x2_0000 on) is in the VM's PMC, for stage 2 to map; it is not mapped here.
 * A thread that waits is woken (its call returns) when an interrupt is recorded for its vCPU that the guest has enabled.
 * ENODEV: the machine does not post. EINVAL: 0, or more vCPUs than the unit has. EBUSY: a vCPU is registered, or it was called
 * before. ENOSPC: the unit has no place for the VM, or its PMC no entry.
 */
export const DV_ENABLE_POSTING: u64 = 0x6b0d;
/** In the result of DV_ENABLE_POSTING: the guest may post. */
export const DV_GUESTS_POST: u64 = 1;

/**
 * ioctl(fd, DV_REGISTER_IO, number) → 0: the calling thread becomes I/O thread `number` of the VM: it may post to its vCPUs (hu_vitr)
 * and is none itself, so that nobody can post to it. DV_UNREGISTER_VCPU is the reverse. Errors as of DV_REGISTER_VCPU, with
 * DV_IO_COUNT for DV_VCPU_COUNT. The HU registers are open to it as to a vCPU.
 */
export const DV_REGISTER_IO: u64 = 0x6b0e;
/** Numbers of I/O threads are below this. */
export const DV_IO_COUNT: u64 = 8;

/** Most grants one VM can hold at a time. */
export const DV_GRANT_COUNT: u64 = 8;
/** Largest part of the machine's RAM that one VM can be granted, in percent. */
export const DV_GRANT_QUOTA_PERCENT: u64 = 75;

/** Argument of DV_REQUEST_DELEG. */
@unmanaged
export class DelegationRequest {
  /** Exceptions from V=1 that go to the exit handler, one bit per cause. */
  exceptions: u64;
  /** Interrupts that go to the exit handler, one bit per number. */
  interrupts: u64;
}
