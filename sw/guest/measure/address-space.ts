import * as csr from 'rv/csr';
import { PAGE } from '../../shared/page.ts';
import { csrw, sfence_vma_all, sym_addr } from '../../shared/rv.ts';
import { zeroBytes } from '../../shared/bytes.ts';
import { ramAddress, ramBytes } from '../runtime/machine.ts';

/** Sv39 address spaces of this kernel: RAM and devices at their own addresses for the kernel, a user program below (priv 12.4). */

const MEGAPAGE: u64 = 0x20_0000;
const SV39: u64 = 8;
const VALID: u64 = 1;
/** Permissions of a mapping. */
export const READ: u64 = 2;
export const WRITE: u64 = 4;
export const EXECUTE: u64 = 8;
export const USER: u64 = 16;
/** A and D, because not every hart sets them (priv 12.3.1). */
const ACCESSED_DIRTY: u64 = 0xc0;

let nextPage: u64 = 0;

/** A zeroed page behind the image. */
export function allocatePage(): u64 {
  if (nextPage == 0) nextPage = (sym_addr('image_end') + PAGE - 1) & ~(PAGE - 1);
  const page = nextPage;
  nextPage += PAGE;
  zeroBytes(<usize>page, <usize>PAGE);
  return page;
}

/** First byte of RAM that nothing has used yet, at a multiple of 2 MiB. */
export function unusedRam(): u64 {
  return (nextPage + MEGAPAGE - 1) & ~(MEGAPAGE - 1);
}

/** Makes the kernel's address space: RAM with 2 MiB pages, and the gigabyte of devices. */
export function createKernelSpace(): u64 {
  const root = allocatePage();
  for (let address = ramAddress; address < ramAddress + ramBytes; address += MEGAPAGE) {
    mapAt(root, address, address, READ | WRITE | EXECUTE, 1);
  }
  mapAt(root, 0, 0, READ | WRITE, 2);
  return root;
}

/** A copy of an address space, for mappings of its own in other gigabytes. */
export function copySpace(root: u64): u64 {
  const copy = allocatePage();
  for (let offset: u64 = 0; offset < PAGE; offset += 8) {
    store<u64>(<usize>(copy + offset), load<u64>(<usize>(root + offset)));
  }
  return copy;
}

/** Maps one 4 KiB page. */
export function mapPage(root: u64, address: u64, physical: u64, permissions: u64): void {
  mapAt(root, address, physical, permissions, 0);
}

/** Physical address of a mapped 4 KiB page; 0 = not mapped. */
export function findPage(root: u64, address: u64): u64 {
  let table = root;
  for (let level: u64 = 2; level > 0; level--) {
    const entry = load<u64>(entryAddress(table, address, level));
    if ((entry & VALID) == 0) return 0;
    table = (entry >> 10) << 12;
  }
  return (load<u64>(entryAddress(table, address, 0)) >> 10) << 12;
}

/** Makes an address space the current one. */
export function enterSpace(root: u64): void {
  csrw(csr.satp, (SV39 << 60) | (root >> 12));
  sfence_vma_all();
}

function mapAt(root: u64, address: u64, physical: u64, permissions: u64, level: u64): void {
  let table = root;
  for (let current: u64 = 2; current > level; current--) {
    const entry = entryAddress(table, address, current);
    if ((load<u64>(entry) & VALID) == 0) store<u64>(entry, ((allocatePage() >> 12) << 10) | VALID);
    table = (load<u64>(entry) >> 10) << 12;
  }
  const leaf = ((physical >> 12) << 10) | permissions | ACCESSED_DIRTY | VALID;
  store<u64>(entryAddress(table, address, level), leaf);
}

function entryAddress(table: u64, address: u64, level: u64): usize {
  return <usize>(table + (((address >> (12 + 9 * level)) & 0x1ff) << 3));
}
