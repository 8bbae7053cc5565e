import { defineGuest } from '../runtime/guest-image.ts';

/** The guest of the rogue hypervisor. */
export const rogue = defineGuest('rogue');
