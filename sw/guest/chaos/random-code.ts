import { fence_i, sym_addr } from '../../shared/rv.ts';
import { GuestHart } from '../runtime/hart.ts';
import { fillRandom, nextRandom } from '../runtime/workload.ts';
import { attempt } from './traps.ts';

const ATTEMPTS: u64 = 60;
const CODE_WORDS: u64 = 16;
/** Random words that look like 4-byte instructions more often than chance makes them. */
const FULL_LENGTH: u64 = 0x0000_0003_0000_0003;

/** Executes random numbers as instructions, in user or supervisor mode. */
export function runRandomCode(hart: GuestHart, seed: u64, supervisor: bool): void {
  const code = sym_addr('scratch');
  for (let round: u64 = 0; round < ATTEMPTS; round++) {
    seed = nextRandom(seed);
    fillRandom(code, CODE_WORDS, seed);
    if (round & 1) {
      for (let word: u64 = 0; word < CODE_WORDS; word++) {
        const place = code + <usize>(word << 3);
        store<u64>(place, load<u64>(place) | FULL_LENGTH);
      }
    }
    fence_i();
    attempt(hart, code, seed, supervisor);
  }
}
