import { defineGuest } from '../runtime/guest-image.ts';

/** The guest with several harts. */
export const smp = defineGuest('smp');
