/** Next number of a 64-bit xorshift sequence (Marsaglia 2003, shifts 13, 7, 17). */
export function nextRandom(state: u64): u64 {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^ (state << 17);
}
