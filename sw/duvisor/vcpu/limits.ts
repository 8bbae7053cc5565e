// Read by the hypervisor's sources and by the description of its image alike: plain numbers only.

/** The most virtual CPUs one VM can have (the original's limit, duvisor 7.2). */
export const MAXIMUM_VCPUS = 8;

/** Bytes of stack of each vCPU's thread; the area `vcpu_stacks` of the image holds one for each. */
export const VCPU_STACK_BYTES = 16384;
