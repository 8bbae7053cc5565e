/**
 * Numbers of the RISC-V Supervisor Binary Interface 2.0 and of this project's PMC extension: the firmware and the hypervisor
 * answer them, kernels ask with them. Calling convention: a7 = extension, a6 = function, a0-a5 = arguments;
 * a0 = error, a1 = value (legacy extensions: a0 = result). `sbi 3`
 */

/** Version reported by get_spec_version: major << 24 | minor. `sbi 4.1` */
export const SBI_SPEC_VERSION: u64 = 0x0200_0000;
/** Implementation id of this firmware (unassigned by the specification). `sbi 4.2` */
export const SBI_IMPLEMENTATION_ID: u64 = 0x6476;
/** Implementation version of this firmware. `sbi 4.3` */
export const SBI_IMPLEMENTATION_VERSION: u64 = 1;

/** The call succeeded. `sbi 3.1` */
export const SBI_SUCCESS: i64 = 0;
/** The call failed for an unspecified reason. `sbi 3.1` */
export const SBI_ERR_FAILED: i64 = -1;
/** No such extension or function. `sbi 3.1` */
export const SBI_ERR_NOT_SUPPORTED: i64 = -2;
/** An argument is invalid. `sbi 3.1` */
export const SBI_ERR_INVALID_PARAM: i64 = -3;
/** The caller may not do this. `sbi 3.1` */
export const SBI_ERR_DENIED: i64 = -4;
/** An address is invalid. `sbi 3.1` */
export const SBI_ERR_INVALID_ADDRESS: i64 = -5;
/** Already available. `sbi 3.1` */
export const SBI_ERR_ALREADY_AVAILABLE: i64 = -6;
/** Already started. `sbi 3.1` */
export const SBI_ERR_ALREADY_STARTED: i64 = -7;
/** Already stopped. `sbi 3.1` */
export const SBI_ERR_ALREADY_STOPPED: i64 = -8;

/** Legacy set_timer(time). `sbi 5.1` */
export const SBI_LEGACY_SET_TIMER: u64 = 0;
/** Legacy console_putchar(character). `sbi 5.2` */
export const SBI_LEGACY_CONSOLE_PUTCHAR: u64 = 1;
/** Legacy console_getchar() → character or -1. `sbi 5.3` */
export const SBI_LEGACY_CONSOLE_GETCHAR: u64 = 2;
/** Legacy clear_ipi(). `sbi 5.4` */
export const SBI_LEGACY_CLEAR_IPI: u64 = 3;
/** Legacy send_ipi(virtual address of the hart mask). `sbi 5.5` */
export const SBI_LEGACY_SEND_IPI: u64 = 4;
/** Legacy remote_fence_i(virtual address of the hart mask). `sbi 5.6` */
export const SBI_LEGACY_REMOTE_FENCE_I: u64 = 5;
/** Legacy remote_sfence_vma(mask, start, size). `sbi 5.7` */
export const SBI_LEGACY_REMOTE_SFENCE_VMA: u64 = 6;
/** Legacy remote_sfence_vma_asid(mask, start, size, asid). `sbi 5.8` */
export const SBI_LEGACY_REMOTE_SFENCE_VMA_ASID: u64 = 7;
/** Legacy shutdown(). `sbi 5.9` */
export const SBI_LEGACY_SHUTDOWN: u64 = 8;

/** Base extension. `sbi 4` */
export const SBI_BASE: u64 = 0x10;
/** get_spec_version(). `sbi 4.1` */
export const SBI_BASE_GET_SPEC_VERSION: u64 = 0;
/** get_impl_id(). `sbi 4.2` */
export const SBI_BASE_GET_IMPL_ID: u64 = 1;
/** get_impl_version(). `sbi 4.3` */
export const SBI_BASE_GET_IMPL_VERSION: u64 = 2;
/** probe_extension(extension) → 0 when absent. `sbi 4.4` */
export const SBI_BASE_PROBE_EXTENSION: u64 = 3;
/** get_mvendorid(). `sbi 4.5` */
export const SBI_BASE_GET_MVENDORID: u64 = 4;
/** get_marchid(). `sbi 4.6` */
export const SBI_BASE_GET_MARCHID: u64 = 5;
/** get_mimpid(). `sbi 4.7` */
export const SBI_BASE_GET_MIMPID: u64 = 6;

/** Timer extension "TIME". `sbi 6` */
export const SBI_TIME: u64 = 0x5449_4d45;
/** set_timer(time). `sbi 6.1` */
export const SBI_TIME_SET_TIMER: u64 = 0;

/** Inter-processor interrupt extension "sPI". `sbi 7` */
export const SBI_IPI: u64 = 0x0073_5049;
/** send_ipi(hart_mask, hart_mask_base). `sbi 7.1` */
export const SBI_IPI_SEND_IPI: u64 = 0;

/** Remote fence extension "RFNC". `sbi 8` */
export const SBI_RFENCE: u64 = 0x5246_4e43;
/** remote_fence_i(hart_mask, hart_mask_base). `sbi 8.1` */
export const SBI_RFENCE_FENCE_I: u64 = 0;
/** remote_sfence_vma(mask, base, start, size). `sbi 8.2` */
export const SBI_RFENCE_SFENCE_VMA: u64 = 1;
/** remote_sfence_vma_asid(mask, base, start, size, asid). `sbi 8.3` */
export const SBI_RFENCE_SFENCE_VMA_ASID: u64 = 2;
/** remote_hfence_gvma_vmid(mask, base, start, size, vmid). `sbi 8.4` */
export const SBI_RFENCE_HFENCE_GVMA_VMID: u64 = 3;
/** remote_hfence_gvma(mask, base, start, size). `sbi 8.5` */
export const SBI_RFENCE_HFENCE_GVMA: u64 = 4;
/** remote_hfence_vvma_asid(mask, base, start, size, asid). `sbi 8.6` */
export const SBI_RFENCE_HFENCE_VVMA_ASID: u64 = 5;
/** remote_hfence_vvma(mask, base, start, size). `sbi 8.7` */
export const SBI_RFENCE_HFENCE_VVMA: u64 = 6;

/** Hart state management extension "HSM". `sbi 9` */
export const SBI_HSM: u64 = 0x0048_534d;
/** hart_start(hartid, start_addr, opaque). `sbi 9.1` */
export const SBI_HSM_HART_START: u64 = 0;
/** hart_stop(): does not return. `sbi 9.2` */
export const SBI_HSM_HART_STOP: u64 = 1;
/** hart_get_status(hartid) → one of SBI_HSM_STATE_*. `sbi 9.3` */
export const SBI_HSM_HART_GET_STATUS: u64 = 2;
/** hart_suspend(type, resume_addr, opaque). `sbi 9.4` */
export const SBI_HSM_HART_SUSPEND: u64 = 3;
/** The hart runs. `sbi 9, table "HSM Hart States"` */
export const SBI_HSM_STATE_STARTED: u64 = 0;
/** The hart does not execute supervisor code. `sbi 9` */
export const SBI_HSM_STATE_STOPPED: u64 = 1;
/** A start was requested and is not finished. `sbi 9` */
export const SBI_HSM_STATE_START_PENDING: u64 = 2;
/** A stop was requested and is not finished. `sbi 9` */
export const SBI_HSM_STATE_STOP_PENDING: u64 = 3;
/** The hart waits in a low-power state. `sbi 9` */
export const SBI_HSM_STATE_SUSPENDED: u64 = 4;
/** Default retentive suspend: registers are kept, the call returns. `sbi 9.4` */
export const SBI_HSM_SUSPEND_RETENTIVE: u64 = 0;

/** System reset extension "SRST". `sbi 10` */
export const SBI_SRST: u64 = 0x5352_5354;
/** system_reset(reset_type, reset_reason): does not return on success. `sbi 10.1` */
export const SBI_SRST_SYSTEM_RESET: u64 = 0;
/** Reset type: shutdown. `sbi 10.1` */
export const SBI_SRST_SHUTDOWN: u64 = 0;
/** Reset type: cold reboot. `sbi 10.1` */
export const SBI_SRST_COLD_REBOOT: u64 = 1;
/** Reset type: warm reboot. `sbi 10.1` */
export const SBI_SRST_WARM_REBOOT: u64 = 2;
/** Reset reason: none, that is success. `sbi 10.1` */
export const SBI_SRST_NO_REASON: u64 = 0;
/** Reset reason: system failure. `sbi 10.1` */
export const SBI_SRST_SYSTEM_FAILURE: u64 = 1;

/** Debug console extension "DBCN". `sbi 12` */
export const SBI_DBCN: u64 = 0x4442_434e;
/** console_write(num_bytes, base_addr_lo, base_addr_hi) → bytes written; addresses are the caller's physical ones. `sbi 12.1` */
export const SBI_DBCN_WRITE: u64 = 0;
/** console_read(num_bytes, base_addr_lo, base_addr_hi) → bytes read, possibly 0. `sbi 12.2` */
export const SBI_DBCN_READ: u64 = 1;
/** console_write_byte(byte). `sbi 12.3` */
export const SBI_DBCN_WRITE_BYTE: u64 = 2;

/**
 * PMC extension, in the experimental space (0x0800_0000-0x08FF_FFFF, low bytes "PMC"). VM ids are `h_vmid` values, 1-16383;
 * a range is a multiple of the granularity (see limits) and aligned to it. `duvisor 4.3`
 */
export const SBI_PMC: u64 = 0x0850_4d43;
/**
 * grant(vm, base, size, permissions): lets that VM (V=1 accesses while it is current on a hart) reach [base, base+size). Where the
 * machine's ranges are global (`dvlab,pmc-scope` of the device tree), every VM reaches it, on every hart, and all VMs share the entries.
 * Errors: INVALID_PARAM (vm, permissions, size 0 or misaligned), INVALID_ADDRESS (firmware memory, wraps),
 * ALREADY_AVAILABLE (overlaps a live grant of any VM), FAILED (no PMP entries left for this VM, or table full), NOT_SUPPORTED (no V bit).
 */
export const SBI_PMC_GRANT: u64 = 0;
/**
 * revoke(vm, base, size): takes one earlier grant back; size 0 with base 0 takes back all grants of the VM.
 * Returns after every hart has dropped cached decisions. Errors: INVALID_PARAM (no such grant), NOT_SUPPORTED.
 */
export const SBI_PMC_REVOKE: u64 = 1;
/** switch(vm): makes that VM's ranges, or none for vm 0, the current ones of the calling hart; nothing changes where ranges are global. Errors: INVALID_PARAM, NOT_SUPPORTED. */
export const SBI_PMC_SWITCH: u64 = 2;
/** limits() → bits 15:0 PMP entries usable for one VM (for all together where grants are global), bits 31:16 log2 of the granularity in bytes. Errors: NOT_SUPPORTED. */
export const SBI_PMC_LIMITS: u64 = 3;
/** Permission bit: the VM may load. */
export const SBI_PMC_READ: u64 = 1;
/** Permission bit: the VM may store (needs SBI_PMC_READ too). */
export const SBI_PMC_WRITE: u64 = 2;
/** Permission bit: the VM may fetch. */
export const SBI_PMC_EXECUTE: u64 = 4;

/**
 * Null extension, in the experimental space (low bytes "NUL"): null() → 0, whatever the function number. Hypervisors answer it at once, so that its
 * cycles are those of an exit and an entry; firmware says NOT_SUPPORTED, which takes the same path there.
 */
export const SBI_NULL: u64 = 0x084e_554c;

/**
 * Device extension, in the experimental space (low bytes "DEV"): lets a guest have what a device of its machine does otherwise, one external
 * interrupt whose time can be measured. Firmware does not have it: a bare machine has devices.
 */
export const SBI_DEVICE: u64 = 0x0844_4556;
/**
 * raise(hart, source, word): makes `source` interrupt a hart of the guest that takes it, and waits until the doubleword at the guest-physical address
 * `word` changes. Where the guest has no interrupt controller the interrupt is taken back after that, which the hart sees at its next exit.
 * Errors: INVALID_PARAM (no such hart, source 0 or above 63), INVALID_ADDRESS (not RAM, misaligned), FAILED (nothing changed in
 * 100,000 cycles or more), NOT_SUPPORTED (this hypervisor cannot, on this machine).
 */
export const SBI_DEVICE_RAISE: u64 = 0;
/** How often the word is looked at before the hypervisor gives up. */
export const SBI_DEVICE_PATIENCE: u64 = 100_000;
