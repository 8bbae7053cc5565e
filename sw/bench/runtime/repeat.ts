import { ld, sd, sym_addr, wfi } from '../../shared/rv.ts';
import { finish, isLastToFinish } from './finish.ts';
import { PRIVATE_BYTES } from './limits.ts';

const WRONG_CHECKSUM: u64 = 2;

/** Assembly: the program's own work on a hart's private memory; every time it gives the same checksum. */
declare function iteration(base: usize): u64;

/**
 * Does a hart's share of the work, in supervisor mode. Whoever watches sees at `checksum` what hart 0 computed, and at
 * `done` how often it has.
 */
export function repeat(hart: u64): void {
  const base = sym_addr('private_memory') + <usize>hart * PRIVATE_BYTES;
  const count = ld(sym_addr('iteration_count'), 0);
  const checksum = iteration(base);
  if (hart == 0) sd(sym_addr('checksum'), checksum, 0);
  for (let done: u64 = 1; done < count; done++) {
    if (hart == 0) sd(sym_addr('done'), done, 0);
    if (iteration(base) != checksum) finish(WRONG_CHECKSUM);
  }
  if (isLastToFinish()) finish(0);
  while (true) wfi();
}
