import { amoadd_d, ld } from '../../shared/rv.ts';

const foundWord: usize = memory.data(8, 64);

/** Counts the primes from `first` to `limit` in steps by trial division, as sysbench's CPU test does; adds them to the count. */
export function countPrimes(first: u64, limit: u64, step: u64): void {
  let found: u64 = 0;
  for (let candidate = first; candidate <= limit; candidate += step) {
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
