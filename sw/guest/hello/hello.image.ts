import { defineGuest } from '../runtime/guest-image.ts';

/** The smallest guest program. */
export const hello = defineGuest('hello');
