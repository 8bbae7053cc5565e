import type { Platform } from './platform.ts';

/** The posted-interrupt unit that a platform wires a hart to: where it is, and what it numbers the hart. */
export function postedUnitOf(
  { wires, devices }: Platform,
  hart: number,
): { readonly base: number; readonly hart: number } | undefined {
  const wire = wires.find(({ input }) => input === `hart.${String(hart)}.posted`);
  const [name = '', , number = ''] = wire?.driver.split('.') ?? [];
  const device = devices[name];
  return device !== undefined && 'at' in device
    ? { base: Number(device.at), hart: Number(number) }
    : undefined;
}
