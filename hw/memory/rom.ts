import { defineMemory } from './memory.ts';

/** Read-only memory, such as the boot ROM; stores are access faults. */
export const rom = defineMemory({
  kind: 'rom',
  summary: 'Read-only memory: read and fetch; stores are access faults.',
  isWritable: false,
  latency: 'rom',
});
