import { amoadd_d, ld } from '../../shared/rv.ts';

const foundWord: usize = memory.data(8, 64);

/** The first odd prime; 2 is counted by the first hart. */
const FIRST: u64 = 3;

/** Counts a hart's share of the primes to `limit` by trial division, as sysbench's CPU test does; adds them to the count. */
export function countPrimes(hart: u64, harts: u64, limit: u64): void {
  let found: u64 = hart == 0 ? 1 : 0;
  for (let candidate = FIRST + 2 * hart; candidate <= limit; candidate += 2 * harts) {
    let divisor: u64 = 2;
    while (divisor * divisor <= candidate && candidate % divisor != 0) divisor++;
    if (divisor * divisor > candidate) found++;
  }
  amoadd_d(foundWord, found);
}

/** Primes that all harts have found. */
export function primesFound(): u64 {
  return ld(foundWord, 0);
}
