import { defineImage } from '../../toolchain/index.ts';
import { duvisor } from '../duvisor.image.ts';

/** The malicious twin of the user-level hypervisor, for tests of the driver. */
export const duvisorRogue = defineImage({
  ...duvisor,
  name: 'duvisor-rogue',
  sources: duvisor.sources.map((source) =>
    source.replace('duvisor/main.ts', 'duvisor/rogue/main.ts'),
  ),
});
