import { GuestHart } from '../runtime/hart.ts';
import { nextRandom } from '../runtime/workload.ts';
import { attempt } from './traps.ts';

const ATTEMPTS: u64 = 100;
/** Every fourth jump stays below 4 GiB, where the devices and the end of RAM are; RAM itself is left out. */
const LOW_MASK: u64 = 0x7fff_ffff;

/** Jumps, as supervisor and as user, to addresses where no code is. */
export function wildJumps(hart: GuestHart, seed: u64): void {
  for (let round: u64 = 0; round < ATTEMPTS; round++) {
    seed = nextRandom(seed);
    const address = (round & 3) == 0 ? seed & LOW_MASK : seed | ((<u64>1) << 40);
    attempt(hart, address, seed, (round & 1) != 0);
  }
}
