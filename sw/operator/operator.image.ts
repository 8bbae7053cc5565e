import { defineImage } from '../toolchain/index.ts';
import { processStart } from '../vmm/process.asm.ts';

/** Whoever looks after the host, as a process: ends another one when its time is over. */
export const operator = defineImage({
  name: 'operator',
  sources: ['sw/operator/main.ts'],
  entry: 'process_start',
  base: 0x1_0000n,
  assembly: [processStart],
});
