import { defineImage } from '../../toolchain/index.ts';
import { defineGuest } from '../runtime/guest-image.ts';
import { receiverVector, takeInterruptsInKernel } from './receiver-vector.asm.ts';

const guest = defineGuest('micro');

/** The guest of the paper's micro-benchmarks. */
export const micro = defineImage({
  ...guest,
  assembly: [...(guest.assembly ?? []), receiverVector, takeInterruptsInKernel],
});
