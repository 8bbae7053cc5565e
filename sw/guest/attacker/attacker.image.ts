import { defineGuest } from '../runtime/guest-image.ts';

/** The guest that runs into a planted bug. */
export const attacker = defineGuest('attacker');
