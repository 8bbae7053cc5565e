// Read by user-level hypervisors, by the descriptions of their images, and by the command line that starts them: plain numbers only.

/** Guest-physical address of the first byte of a guest's RAM. */
export const GUEST_RAM_BASE = 0x8000_0000;

/** Where an image that is not ELF is put and begins, as boot loaders of this architecture do (2 MiB into RAM). */
export const RAW_KERNEL_BASE = 0x8020_0000;

/** Bytes that a guest's RAM is a multiple of. */
export const GUEST_MEMORY_UNIT = 4096;

/** Bytes: a kernel at its 2 MiB offset and a device tree must fit. */
export const LEAST_GUEST_MEMORY = 0x40_0000;

/** Bytes: Sv39x4 reaches 2^41, and the first 2 GiB are devices. */
export const MOST_GUEST_MEMORY = 0x100_0000_0000;

/** The most virtual CPUs one VM can have (the original's limit, duvisor 7.2). */
export const MAXIMUM_VCPUS = 8;

/** Bytes of stack of each vCPU's thread; the area `vcpu_stacks` of an image holds one for each. */
export const VCPU_STACK_BYTES = 16384;

/** Threads of devices in DuVisor: one for the disk, one for each direction of the network, one for what is typed at the console. */
export const IO_THREADS = 4;

/** Those of them in the process of the in-kernel hypervisor: for what comes from outside. */
export const RECEIVING_THREADS = 2;

/** Bytes of stack of a device's thread; the area `io_stacks` of an image holds one for each. */
export const IO_STACK_BYTES = 8192;
