import { runGuests, type Ended, type RunOptions } from '../boot-guests.ts';

/** The machine with something behind each virtio device. */
export const devicesPlatform = 'duvisor-devices';

/** Runs the guest `devices` with these devices of its machine, which it uses or, as its command line says, breaks. */
export function useDevices(
  devices: string,
  words: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const guest = { guest: 'devices', options: ['--devices', devices, ...words] };
  return runGuests([guest], { platform: devicesPlatform, ...options });
}
