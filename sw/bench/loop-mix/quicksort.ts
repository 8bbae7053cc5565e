import { nextRandom } from './random.ts';

const NUMBERS: usize = 3584;

/** Sorts the words from `low` to `high`, both included, smallest first (Hoare's partition). */
function quicksort(low: usize, high: usize): void {
  while (low < high) {
    const pivot = load<u64>(low + (((high - low) >> 4) << 3));
    let left = low;
    let right = high;
    while (true) {
      while (load<u64>(left) < pivot) left += 8;
      while (load<u64>(right) > pivot) right -= 8;
      if (left >= right) break;
      const word = load<u64>(left);
      store<u64>(left, load<u64>(right));
      store<u64>(right, word);
      left += 8;
      right -= 8;
    }
    quicksort(low, right == high ? right - 8 : right);
    low = right == high ? high : right + 8;
  }
}

/** Sorts 3584 random numbers and folds them in their order. */
export function sortLists(base: usize): u64 {
  const end = base + (NUMBERS << 3);
  let state: u64 = 0x9e37_79b9_7f4a_7c15;
  for (let at = base; at < end; at += 8) {
    state = nextRandom(state);
    store<u64>(at, state);
  }
  quicksort(base, end - 8);
  let sum: u64 = 0;
  for (let at = base; at < end; at += 8) sum = sum * 3 + load<u64>(at);
  return sum;
}
