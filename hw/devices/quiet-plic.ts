import { defineDevice } from '../kernel/index.ts';

/** The register window of an interrupt controller to which no source is wired: nothing is ever pending. */
export const quietPlic = defineDevice({
  kind: 'quiet-plic',
  summary: 'PLIC without sources: reads are zero, writes are ignored.',
  size: 0x400_0000,
  unmapped: 'zero',
  latency: 'plic',
  ports: {},
  reset: {},
});
