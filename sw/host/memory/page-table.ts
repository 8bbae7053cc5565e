import { freePage, LARGE_PAGE_BYTES, PAGE_BYTES, takePage } from './frames.ts';

/** Sv39 page-table entry bits. `priv 12.4.1` */
const PTE_VALID: u64 = 1;
export const PTE_READ: u64 = 2;
export const PTE_WRITE: u64 = 4;
export const PTE_EXECUTE: u64 = 8;
export const PTE_USER: u64 = 16;
const PTE_GLOBAL: u64 = 32;
const PTE_ACCESSED: u64 = 64;
const PTE_DIRTY: u64 = 128;
const LEAF: u64 = PTE_READ | PTE_WRITE | PTE_EXECUTE;
const PPN_SHIFT: u64 = 10;
const PPN_MASK: u64 = 0xfff_ffff_ffff;

/** User addresses end here: the lower half of Sv39. */
export const USER_END: u64 = 0x40_0000_0000;

function tableOf(entry: u64): usize {
  return ((entry >> PPN_SHIFT) & PPN_MASK) << 12;
}

function slot(table: usize, address: u64, level: u64): usize {
  return table + (((address >> (12 + 9 * level)) & 511) << 3);
}

function isTable(entry: u64): bool {
  return (entry & (PTE_VALID | LEAF)) == PTE_VALID;
}

/** Entry bits for a physical address with permissions; accessed and dirty are set beforehand, the kernel does not track them. */
function leaf(physical: usize, permissions: u64): u64 {
  return ((physical >> 12) << PPN_SHIFT) | permissions | PTE_VALID | PTE_ACCESSED | PTE_DIRTY;
}

/** Address of the entry for `address` at `level` (0-2), making tables on the way; 0 without memory or under a larger page. */
function reach(root: usize, address: u64, level: u64): usize {
  let table = root;
  for (let at: u64 = 2; at > level; at--) {
    const entry = slot(table, address, at);
    const value = load<u64>(entry);
    if ((value & PTE_VALID) == 0) {
      const page = takePage();
      if (page == 0) return 0;
      store<u64>(entry, ((page >> 12) << PPN_SHIFT) | PTE_VALID);
      table = page;
    } else if (isTable(value)) table = tableOf(value);
    else return 0;
  }
  return slot(table, address, level);
}

/** Maps one page; false when there is no memory for tables. */
export function mapPage(root: usize, address: u64, physical: usize, permissions: u64): bool {
  const entry = reach(root, address, 0);
  if (entry == 0) return false;
  store<u64>(entry, leaf(physical, permissions));
  return true;
}

/** Maps 1 GiB of physical memory at its own address for the kernel alone. */
export function mapKernelGigabyte(root: usize, address: u64): void {
  const permissions = PTE_READ | PTE_WRITE | PTE_EXECUTE | PTE_GLOBAL;
  store<u64>(slot(root, address, 2), leaf(address, permissions));
}

/** Where the kernel sees the devices of the first GiB of physical memory: user addresses have the place where they are. */
const DEVICES: u64 = 0xffff_ffff_c000_0000;
const GIGABYTE: u64 = 1 << 30;

/** Maps the devices of the first GiB for the kernel alone. */
export function mapDevices(root: usize): void {
  store<u64>(slot(root, DEVICES, 2), leaf(0, PTE_READ | PTE_WRITE | PTE_GLOBAL));
}

/** Where the kernel sees a device; 0 for one that lies beyond the first GiB. */
export function deviceAddress(physical: usize): usize {
  return physical < GIGABYTE ? <usize>DEVICES + physical : 0;
}

/** Maps a contiguous range with the largest pages that fit; false when there is no memory for tables. */
export function mapRange(
  root: usize,
  address: u64,
  physical: usize,
  bytes: usize,
  permissions: u64,
): bool {
  const end = address + bytes;
  while (address < end) {
    const isLarge =
      ((address | physical) & (LARGE_PAGE_BYTES - 1)) == 0 && end - address >= LARGE_PAGE_BYTES;
    const step = isLarge ? LARGE_PAGE_BYTES : PAGE_BYTES;
    const entry = reach(root, address, isLarge ? 1 : 0);
    if (entry == 0) return false;
    store<u64>(entry, leaf(physical, permissions));
    address += step;
    physical += step;
  }
  return true;
}

/** Physical address that `address` is mapped to with at least these permissions, or 0. */
export function translate(root: usize, address: u64, permissions: u64): usize {
  let table = root;
  for (let level: i64 = 2; level >= 0; level--) {
    const value = load<u64>(slot(table, address, <u64>level));
    if ((value & PTE_VALID) == 0) return 0;
    if (isTable(value)) {
      table = tableOf(value);
      continue;
    }
    if ((value & permissions) != permissions) return 0;
    const mask: u64 = ((<u64>1) << (12 + 9 * <u64>level)) - 1;
    return tableOf(value) | (address & mask);
  }
  return 0;
}

/** Removes the page or large page at `address`; returns its physical start, or 0 when nothing was mapped. */
export function unmapPage(root: usize, address: u64): usize {
  let table = root;
  for (let level: i64 = 2; level >= 0; level--) {
    const entry = slot(table, address, <u64>level);
    const value = load<u64>(entry);
    if ((value & PTE_VALID) == 0) return 0;
    if (!isTable(value)) {
      store<u64>(entry, 0);
      return tableOf(value);
    }
    table = tableOf(value);
  }
  return 0;
}

/** Frees the tables of the user half and the root; the pages that they map are the caller's. */
export function freeTables(root: usize): void {
  for (let i: usize = 0; i < 256; i++) {
    const value = load<u64>(root + (i << 3));
    if (!isTable(value)) continue;
    const middle = tableOf(value);
    for (let j: usize = 0; j < 512; j++) {
      const inner = load<u64>(middle + (j << 3));
      if (isTable(inner)) freePage(tableOf(inner));
    }
    freePage(middle);
  }
  freePage(root);
}
