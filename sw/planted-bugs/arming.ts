/** How a guest chooses the bug that its own vCPU runs into: by the first argument of SBI_NULL, this and a bug's number. */
export const ARM_BASE: u64 = 0xb065_0000;

/** Stage 2 maps the guest-physical address itself, not the page behind it; as CVE-2017-12188. */
export const BUG_MEMORY: u64 = 1;
/** The interrupt path writes through a descriptor that was freed; as CVE-2018-16882. */
export const BUG_INTERRUPT: u64 = 2;
/** The decoder follows a pointer that this instruction has not; as CVE-2016-8630. */
export const BUG_DECODE: u64 = 3;
/** The exit handler copies more of the guest's state than its stack has room for; as CVE-2020-8834. */
export const BUG_EXIT: u64 = 4;
/** A hypercall waits for what never comes; as CVE-2016-5412. */
export const BUG_HYPERCALL: u64 = 5;
/** A device's function is called through an object that was freed; as CVE-2019-6974. */
export const BUG_DEVICE: u64 = 6;

/** Where a guest that fills a freed object lets it point: the text of the host kernel. */
export const TARGET: u64 = 0x8020_0000;
