import { defineGuest } from '../runtime/guest-image.ts';

/** The guest that does everything wrong. */
export const chaos = defineGuest('chaos', {}, { scratch: 4096 });
