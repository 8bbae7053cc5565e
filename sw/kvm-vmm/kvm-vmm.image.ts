import { defineImage } from '../toolchain/index.ts';
import {
  IO_STACK_BYTES,
  MAXIMUM_VCPUS,
  RECEIVING_THREADS,
  VCPU_STACK_BYTES,
} from '../vmm/limits.ts';
import { processStart, startThread } from '../vmm/process.asm.ts';

/** The user-level part of the in-kernel hypervisor's stack: a process that owns a VM's memory and devices. */
export const kvmVmm = defineImage({
  name: 'kvm-vmm',
  sources: ['sw/kvm-vmm/main.ts'],
  entry: 'process_start',
  base: 0x1_0000n,
  assembly: [processStart, startThread],
  areas: {
    vcpu_stacks: MAXIMUM_VCPUS * VCPU_STACK_BYTES,
    io_stacks: RECEIVING_THREADS * IO_STACK_BYTES,
  },
});
