import { defineImage } from '../../toolchain/index.ts';
import { defineGuest } from '../runtime/guest-image.ts';

/** The user program inside the measuring guest. */
export const measureUser = defineImage({
  name: 'measure-user',
  sources: ['sw/guest/measure/user/main.ts'],
  entry: 'main',
  base: 0x4000_0000n,
});

/** The measuring guest. */
export const measure = defineGuest('measure', { user: { image: measureUser } });
