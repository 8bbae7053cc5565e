const BYTES: usize = 8192;
const ROUNDS: usize = 24;

/** Copies words that lie at multiples of 8, four at a time. */
function copyWords(target: usize, source: usize, bytes: usize): void {
  for (const end = source + bytes; source < end; source += 32) {
    const a = load<u64>(source);
    const b = load<u64>(source, 8);
    const c = load<u64>(source, 16);
    const d = load<u64>(source, 24);
    store<u64>(target, a);
    store<u64>(target, b, 8);
    store<u64>(target, c, 16);
    store<u64>(target, d, 24);
    target += 32;
  }
}

function copyBytes(target: usize, source: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at++) store<u8>(target + at, load<u8>(source + at));
}

/** Copies 8 KiB to and fro 24 times by words, and once by bytes to an odd place. */
export function copyBlocks(base: usize): u64 {
  const other = base + BYTES;
  const odd = other + BYTES + 3;
  for (let at: usize = 0; at < BYTES; at += 8) store<u64>(base + at, at * 0xc2b2_ae3d_27d4_eb4f);
  for (let round: usize = 0; round < ROUNDS; round++) {
    store<u64>(base + (round << 5), round);
    copyWords(other, base, BYTES);
    copyWords(base, other, BYTES);
  }
  copyBytes(odd, base, BYTES);
  let sum: u64 = 0;
  for (let at: usize = 0; at < BYTES; at += 64)
    sum = sum * 3 + load<u64>(other + at) + load<u8>(odd + at);
  return sum;
}
