/**
 * The ways to go through memory of lmbench's bw_mem, in the words that it uses: `r` reads, `w` writes, `cp` copies one of every four 32-bit words, the forms
 * with `f` every word; the block forms take doublewords. Areas are whole lines of 64 bytes. `evaluation 5.2`
 */

/** Bytes of a line: sixteen words, of which the plain forms take four. */
const LINE: usize = 64;
/** What is written. */
const VALUE: u32 = 1;

/** Reads one word of four; gives their sum, as all that read. */
export function rd(area: usize, bytes: usize): u32 {
  let sum: u32 = 0;
  for (const end = area + bytes; area < end; area += LINE) {
    sum += load<u32>(area) + load<u32>(area, 16) + load<u32>(area, 32) + load<u32>(area, 48);
  }
  return sum;
}

/** Writes one word of four. */
export function wr(area: usize, bytes: usize): void {
  for (const end = area + bytes; area < end; area += LINE) {
    store<u32>(area, VALUE);
    store<u32>(area, VALUE, 16);
    store<u32>(area, VALUE, 32);
    store<u32>(area, VALUE, 48);
  }
}

/** Reads and writes one word of four. */
export function rdwr(area: usize, bytes: usize): u32 {
  let sum: u32 = 0;
  for (const end = area + bytes; area < end; area += 16) {
    sum += load<u32>(area);
    store<u32>(area, VALUE);
  }
  return sum;
}

/** Copies one word of four. */
export function cp(target: usize, source: usize, bytes: usize): void {
  for (const end = source + bytes; source < end; source += LINE, target += LINE) {
    store<u32>(target, load<u32>(source));
    store<u32>(target, load<u32>(source, 16), 16);
    store<u32>(target, load<u32>(source, 32), 32);
    store<u32>(target, load<u32>(source, 48), 48);
  }
}

/** Reads every word. */
export function frd(area: usize, bytes: usize): u32 {
  let sum: u32 = 0;
  for (const end = area + bytes; area < end; area += 16) {
    sum += load<u32>(area) + load<u32>(area, 4) + load<u32>(area, 8) + load<u32>(area, 12);
  }
  return sum;
}

/** Writes every word. */
export function fwr(area: usize, bytes: usize): void {
  for (const end = area + bytes; area < end; area += 16) {
    store<u32>(area, VALUE);
    store<u32>(area, VALUE, 4);
    store<u32>(area, VALUE, 8);
    store<u32>(area, VALUE, 12);
  }
}

/** Copies every word. */
export function fcp(target: usize, source: usize, bytes: usize): void {
  for (const end = source + bytes; source < end; source += 16, target += 16) {
    store<u32>(target, load<u32>(source));
    store<u32>(target, load<u32>(source, 4), 4);
    store<u32>(target, load<u32>(source, 8), 8);
    store<u32>(target, load<u32>(source, 12), 12);
  }
}

/** Clears, by doublewords. */
export function bzero(area: usize, bytes: usize): void {
  for (const end = area + bytes; area < end; area += 32) {
    store<u64>(area, 0);
    store<u64>(area, 0, 8);
    store<u64>(area, 0, 16);
    store<u64>(area, 0, 24);
  }
}

/** Copies, by doublewords. */
export function bcopy(target: usize, source: usize, bytes: usize): void {
  for (const end = source + bytes; source < end; source += 32, target += 32) {
    const first = load<u64>(source);
    const second = load<u64>(source, 8);
    const third = load<u64>(source, 16);
    const fourth = load<u64>(source, 24);
    store<u64>(target, first);
    store<u64>(target, second, 8);
    store<u64>(target, third, 16);
    store<u64>(target, fourth, 24);
  }
}
