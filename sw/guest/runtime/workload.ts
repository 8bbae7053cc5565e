/** Small computations with known results, so that a program can tell whether its machine computes correctly. */

/** Next number of a 64-bit xorshift sequence (Marsaglia 2003, shifts 13, 7, 17); never 0 when `state` is not. */
export function nextRandom(state: u64): u64 {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

/** CRC-32 (reflected polynomial 0xEDB88320) of `length` bytes. */
export function crc32(bytes: usize, length: usize): u32 {
  let crc: u32 = 0xffff_ffff;
  for (const end = bytes + length; bytes < end; bytes++) {
    crc ^= load<u8>(bytes);
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xedb8_8320 & (0 - (crc & 1)));
  }
  return ~crc;
}

/** Fills an area with the random numbers that follow `seed`. */
export function fillRandom(area: usize, words: u64, seed: u64): void {
  for (let index: u64 = 0; index < words; index++) {
    seed = nextRandom(seed);
    store<u64>(area + ((<usize>index) << 3), seed);
  }
}

/** Sorts numbers in place, smallest first, by straight insertion. */
export function sortNumbers(area: usize, words: u64): void {
  for (let end: u64 = 1; end < words; end++) {
    const value = load<u64>(area + ((<usize>end) << 3));
    let place = area + ((<usize>end) << 3);
    while (place > area && load<u64>(place - 8) > value) {
      store<u64>(place, load<u64>(place - 8));
      place -= 8;
    }
    store<u64>(place, value);
  }
}

/** Fills an area of `words` words from `seed`, sorts it and gives the CRC of the result: a load that touches every word often. */
export function runWorkload(area: usize, words: u64, seed: u64): u32 {
  fillRandom(area, words, seed);
  const before = crc32(area, (<usize>words) << 3);
  sortNumbers(area, words);
  return before ^ crc32(area, (<usize>words) << 3);
}
