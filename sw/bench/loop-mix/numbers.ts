import { nextRandom } from './random.ts';

const NUMBERS: usize = 900;
const SLOT: usize = 32;
const LAST_DIGIT: usize = 24;

/** Writes a number in decimal, its last digit at `slot + 24` and a zero behind it; gives the address of the first digit. */
function writeDecimal(slot: usize, value: u64): usize {
  let at = slot + LAST_DIGIT;
  store<u8>(at + 1, 0);
  do {
    store<u8>(at--, 0x30 + (value % 10));
    value /= 10;
  } while (value != 0);
  return at + 1;
}

function lengthOf(text: usize): usize {
  let end = text;
  while (load<u8>(end) != 0) end++;
  return end - text;
}

/** Negative, 0 or positive, as the first text sorts before, with or behind the second. */
function compare(a: usize, b: usize): i32 {
  while (load<u8>(a) != 0 && load<u8>(a) == load<u8>(b)) {
    a++;
    b++;
  }
  return <i32>load<u8>(a) - <i32>load<u8>(b);
}

function hash(text: usize): u64 {
  let value: u64 = 0xcbf2_9ce4_8422_2325;
  for (; load<u8>(text) != 0; text++) value = (value ^ load<u8>(text)) * 0x100_0000_01b3;
  return value;
}

/** Writes 900 numbers as text, measures, compares and hashes the texts. */
export function writeNumbers(base: usize): u64 {
  let state: u64 = 0x2545_f491_4f6c_dd1d;
  let sum: u64 = 0;
  let before = base;
  store<u8>(base, 0);
  for (let index: usize = 1; index <= NUMBERS; index++) {
    state = nextRandom(state);
    const text = writeDecimal(base + index * SLOT, state >> (state & 31));
    sum = sum * 7 + hash(text) + lengthOf(text);
    if (compare(before, text) < 0) sum += 3;
    before = text;
  }
  return sum;
}
