import { defineMemory } from './memory.ts';

/** Main memory. */
export const ram = defineMemory({
  kind: 'ram',
  summary: 'Main memory: read, write, fetch and atomics; zero at reset.',
  isWritable: true,
  latency: 'ram',
});
