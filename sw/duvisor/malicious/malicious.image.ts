import { defineImage } from '../../toolchain/index.ts';
import { duvisor } from '../duvisor.image.ts';

/** The user-level hypervisor's malicious twin, for tests of the driver. */
export const malicious = defineImage({
  ...duvisor,
  name: 'malicious',
  sources: duvisor.sources.map((source) =>
    source.replace('duvisor/main.ts', 'duvisor/malicious/main.ts'),
  ),
});
