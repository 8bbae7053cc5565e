const LIMIT: usize = 32768;

/** Counts the primes below 32768 and adds them up, by striking out multiples. */
export function sieve(flags: usize): u64 {
  for (let at: usize = 0; at < LIMIT; at += 8) store<u64>(flags + at, 0);
  let count: u64 = 0;
  let sum: u64 = 0;
  for (let number: usize = 2; number < LIMIT; number++) {
    if (load<u8>(flags + number) != 0) continue;
    count++;
    sum += number;
    for (let multiple = number * number; multiple < LIMIT; multiple += number) {
      store<u8>(flags + multiple, 1);
    }
  }
  return (count << 32) ^ sum;
}
