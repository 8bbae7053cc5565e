import { sym_addr } from '../../shared/rv.ts';
import { MAPPED_BYTES, PROGRAM_BASE } from './limits.ts';

/** A table of Sv39 has 512 entries of 8 bytes (priv 10.4). */
const PAGE: u64 = 4096;
const ENTRIES: u64 = 512;
const GIGAPAGE_SHIFT: u64 = 30;
const MEGAPAGE: u64 = 0x20_0000;
const VALID: u64 = 1;
/** Valid, readable, writable, executable, accessed, dirty. */
const KERNEL_PAGE: u64 = 0xcf;
const DEVICE_PAGE: u64 = 0xc7;
const SV39: u64 = 8;

function entryFor(address: u64, flags: u64): u64 {
  return ((address >> 12) << 10) | flags;
}

/** Maps the program's memory to itself with pages of 4 KiB, and the devices below it; gives the value for satp. */
export function createAddressSpace(): u64 {
  const root = sym_addr('page_tables');
  const middle = root + <usize>PAGE;
  let leaves = middle + <usize>PAGE;
  store<u64>(root, entryFor(0, DEVICE_PAGE));
  store<u64>(
    root + ((<usize>((<u64>PROGRAM_BASE) >> GIGAPAGE_SHIFT)) << 3),
    entryFor(middle, VALID),
  );
  for (let block: u64 = 0; block < <u64>MAPPED_BYTES; block += MEGAPAGE) {
    store<u64>(middle + ((<usize>(block / MEGAPAGE)) << 3), entryFor(leaves, VALID));
    for (let page: u64 = 0; page < ENTRIES; page++) {
      store<u64>(
        leaves + ((<usize>page) << 3),
        entryFor(<u64>PROGRAM_BASE + block + page * PAGE, KERNEL_PAGE),
      );
    }
    leaves += <usize>PAGE;
  }
  return (SV39 << 60) | (root >> 12);
}
