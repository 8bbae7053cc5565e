import { nextRandom } from '../runtime/workload.ts';

/** A key-value store as memcached is at its heart: a hash table with chains, which a client of its own asks. */

const BUCKETS: u64 = 4096;
const ENTRIES: u64 = 8192;
const ENTRY_BYTES: u64 = 64;
const KEY_MASK: u64 = 2 * ENTRIES - 1;

/** Bytes that the store takes. */
export const STORE_BYTES: u64 = BUCKETS * 8 + ENTRIES * ENTRY_BYTES;

function hash(key: u64): u64 {
  return (key * 0x9e37_79b9_7f4a_7c15) >> 52;
}

/** Answers requests, one in ten to set a key and the others to get one; gives the number of hits. */
export function serveRequests(area: usize, count: u64): u64 {
  const entries = area + <usize>(BUCKETS * 8);
  for (let at = area; at < entries; at += 8) store<u64>(at, 0);
  let used: u64 = 0;
  let hits: u64 = 0;
  let random: u64 = 88172645463325252;
  for (let request: u64 = 0; request < count; request++) {
    random = nextRandom(random);
    const key = (random & KEY_MASK) + 1;
    const bucket = area + <usize>(hash(key) * 8);
    let entry = load<usize>(bucket);
    while (entry != 0 && load<u64>(entry, 8) != key) entry = load<usize>(entry);
    if (random % 10 != 0) {
      if (entry == 0) continue;
      for (let word: usize = 16; word < <usize>ENTRY_BYTES; word += 8) {
        if (load<u64>(entry + word) == key) hits++;
      }
      continue;
    }
    if (entry == 0) {
      if (used == ENTRIES) continue;
      entry = entries + <usize>(used++ * ENTRY_BYTES);
      store<usize>(entry, load<usize>(bucket));
      store<u64>(entry, key, 8);
      store<usize>(bucket, entry);
    }
    for (let word: usize = 16; word < <usize>ENTRY_BYTES; word += 8) store<u64>(entry + word, key);
  }
  return hits / 6;
}
