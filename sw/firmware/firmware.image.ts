import { defineImage } from '../toolchain/index.ts';
import { guardedLoad, guardedStore } from './guarded-access.asm.ts';
import { probes } from './probes.asm.ts';
import { reset } from './reset.asm.ts';
import { trapVector } from './trap-vector.asm.ts';

/** The M-mode firmware: its 2 MiB at the start of RAM are closed to everybody else. */
export const firmware = defineImage({
  name: 'firmware',
  sources: ['sw/firmware/trap.ts', 'sw/firmware/boot.ts'],
  entry: 'reset',
  base: 0x8000_0000n,
  assembly: [reset, trapVector, guardedLoad, guardedStore, ...probes],
  areas: { hart_blocks: 16384, hart_faults: 4096, hart_stacks: 131072 },
});
