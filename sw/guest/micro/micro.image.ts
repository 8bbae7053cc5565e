import { defineGuest } from '../runtime/guest-image.ts';

/** The guest of the paper's micro-benchmarks. */
export const micro = defineGuest('micro');
