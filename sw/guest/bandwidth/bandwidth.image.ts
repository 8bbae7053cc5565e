import { defineGuest } from '../runtime/guest-image.ts';

/** The guest that streams through memory. */
export const bandwidth = defineGuest('bandwidth');
