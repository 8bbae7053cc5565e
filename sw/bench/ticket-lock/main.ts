import { amoadd_d, ld, pause, sd, sym_addr } from '../../shared/rv.ts';
import { ACQUISITIONS } from './limits.ts';

/** The next ticket, the ticket that is served and what the lock guards; each in a line of its own. */
const SERVED = 64;
const GUARDED: usize = 128;
const GUARDED_WORDS: usize = 8;

/** Takes a lock that all harts share 500 times, and counts in the eight words that it guards. */
export function iteration(_base: usize): u64 {
  const lock = sym_addr('private_memory');
  for (let turn = 0; turn < ACQUISITIONS; turn++) {
    const ticket = amoadd_d(lock, 1);
    while (ld(lock, SERVED) != ticket) pause();
    for (let word: usize = 0; word < GUARDED_WORDS; word++) {
      const at = lock + GUARDED + (word << 3);
      sd(at, ld(at, 0) + 1, 0);
    }
    sd(lock, ticket + 1, SERVED);
  }
  return ACQUISITIONS;
}
