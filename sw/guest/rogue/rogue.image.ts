import { defineGuest } from '../runtime/guest-image.ts';

/** The guest of the malicious hypervisor. */
export const rogue = defineGuest('rogue');
