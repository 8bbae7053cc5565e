/** Increment and multipliers of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014, figure 16). */
const gamma = 0x9e37_79b9_7f4a_7c15n;
const firstMultiplier = 0xbf58_476d_1ce4_e5b9n;
const secondMultiplier = 0x94d0_49bb_1331_11ebn;

/** Number `index` of the sequence of 64-bit numbers that a seed begins; index 0 is the first. */
export function splitMix(seed: number, index: number): bigint {
  const state = BigInt.asUintN(64, BigInt(seed) + (BigInt(index) + 1n) * gamma);
  const first = BigInt.asUintN(64, (state ^ (state >> 30n)) * firstMultiplier);
  const second = BigInt.asUintN(64, (first ^ (first >> 27n)) * secondMultiplier);
  return second ^ (second >> 31n);
}
