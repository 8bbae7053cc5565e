import { nextRandom } from './random.ts';

const ROUNDS = 7000;
const SHAPES: u64 = 4;

function mixShift(x: u64): u64 {
  return x ^ (x >> 29);
}
function mixMultiply(x: u64): u64 {
  return x * 0xbf58_476d_1ce4_e5b9;
}
function mixAdd(x: u64): u64 {
  return x + 0x9e37_79b9;
}
function mixRotate(x: u64): u64 {
  return rotl<u64>(x, 23);
}

/** One of eight small computations. */
function choose(selector: u64, x: u64): u64 {
  switch (<u32>selector) {
    case 0:
      return x + 1;
    case 1:
      return x << 3;
    case 2:
      return x ^ 0x5555;
    case 3:
      return x - (x >> 5);
    case 4:
      return ~x;
    case 5:
      return x * 9;
    case 6:
      return x >> 1;
    default:
      return x | 1;
  }
}

/** Sends random numbers through functions that a table names, and through a switch. */
export function callIndirectly(base: usize): u64 {
  store<usize>(base, changetype<usize>(mixShift));
  store<usize>(base, changetype<usize>(mixMultiply), 8);
  store<usize>(base, changetype<usize>(mixAdd), 16);
  store<usize>(base, changetype<usize>(mixRotate), 24);
  let state: u64 = 0xd1b5_4a32_d192_ed03;
  let sum: u64 = 0;
  for (let round = 0; round < ROUNDS; round++) {
    state = nextRandom(state);
    const mix = changetype<(x: u64) => u64>(
      load<usize>(base + ((<usize>(state & (SHAPES - 1))) << 3)),
    );
    sum ^= choose((state >> 8) & 7, mix(state + sum));
  }
  return sum;
}
