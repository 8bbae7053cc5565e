import { duvisor } from '../../duvisor/duvisor.image.ts';
import { defineImage } from '../../toolchain/index.ts';

/** The user-level hypervisor with the steps of the published one that ours does without; for comparison only. */
export const duvisorPublished = defineImage({
  ...duvisor,
  name: 'duvisor-published',
  substitutes: { 'sw/published/points.ts': 'sw/published/steps.ts' },
});
