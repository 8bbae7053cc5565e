import { sortLists } from './quicksort.ts';
import { copyBlocks } from './copies.ts';
import { checkBytes } from './crc.ts';
import { callIndirectly } from './indirect.ts';
import { walkList } from './linked-list.ts';
import { multiplyMatrices } from './matrices.ts';
import { sieve } from './sieve.ts';
import { writeNumbers } from './numbers.ts';

/** The loop mix: about two million instructions of eight kernels, all on memory from `base` on; gives their checksum. */
export function iteration(base: usize): u64 {
  let sum: u64 = sieve(base);
  sum = sum * 31 + multiplyMatrices(base);
  sum = sum * 31 + walkList(base);
  sum = sum * 31 + checkBytes(base);
  sum = sum * 31 + writeNumbers(base);
  sum = sum * 31 + copyBlocks(base);
  sum = sum * 31 + sortLists(base);
  return sum * 31 + callIndirectly(base);
}
