import { defineImage } from '../toolchain/index.ts';
import { probes } from '../dv-driver/probes.asm.ts';
import { readInstruction, readWord } from '../kvm/guest-access.asm.ts';
import { trapVector as kvmTrapVector } from '../kvm/trap-vector.asm.ts';
import { switchTo } from '../kvm/world-switch.asm.ts';
import { entry } from './entry.asm.ts';
import { trapVector } from './trap-vector.asm.ts';

/** The host kernel with the DV-driver and the in-kernel hypervisor: HS mode, mapped at its physical address. */
export const host = defineImage({
  name: 'host',
  sources: ['sw/host/boot.ts', 'sw/host/trap.ts', 'sw/kvm/kernel-interrupt.ts'],
  entry: 'entry',
  base: 0x8020_0000n,
  assembly: [entry, trapVector, ...probes, switchTo, kvmTrapVector, readInstruction, readWord],
  areas: {
    hart_blocks: 4096,
    hart_stacks: 262144,
    idle_threads: 16384,
    threads: 32768,
    processes: 65536,
    vcpus: 32768,
    vms: 16384,
  },
});
