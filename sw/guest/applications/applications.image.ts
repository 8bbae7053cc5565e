import { defineGuest } from '../runtime/guest-image.ts';

/** The guest of small applications. */
export const applications = defineGuest('applications');
