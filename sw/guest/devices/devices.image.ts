import { defineGuest } from '../runtime/guest-image.ts';

/** The guest that uses the virtio devices of its machine. */
export const devices = defineGuest('devices');
