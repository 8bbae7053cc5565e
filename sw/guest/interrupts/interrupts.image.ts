import { defineGuest } from '../runtime/guest-image.ts';

/** The guest that counts its interrupts. */
export const interrupts = defineGuest('interrupts');
