import { defineImage } from '../toolchain/index.ts';
import { IO_STACK_BYTES, IO_THREADS, MAXIMUM_VCPUS, VCPU_STACK_BYTES } from '../vmm/limits.ts';
import { processStart, startThread } from '../vmm/process.asm.ts';
import { runGuest } from './vcpu/world-switch.asm.ts';

/** The user-level hypervisor, a process of the host kernel. */
export const duvisor = defineImage({
  name: 'duvisor',
  // the world switch calls into the last one
  sources: ['sw/duvisor/main.ts', 'sw/duvisor/exits/dispatch.ts'],
  entry: 'process_start',
  base: 0x1_0000n,
  assembly: [processStart, startThread, runGuest],
  areas: { vcpu_stacks: MAXIMUM_VCPUS * VCPU_STACK_BYTES, io_stacks: IO_THREADS * IO_STACK_BYTES },
});
