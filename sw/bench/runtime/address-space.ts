import { PAGE } from '../../shared/page.ts';
import { sym_addr } from '../../shared/rv.ts';
import { MAPPED_BYTES, PROGRAM_BASE } from './limits.ts';

/** A table has 512 entries of 8 bytes; a gigabyte is an entry of the root (priv 10.4). */
const ENTRIES: u64 = 512;
const GIGAPAGE_SHIFT: u64 = 30;
const MEGAPAGE: u64 = 0x20_0000;
/** Mode of satp, vsatp and hgatp with three levels. */
const SV39: u64 = 8;
const VALID: u64 = 1;

/** A leaf for supervisor mode, and one for user mode and stage 2: everything allowed, accessed, dirty. */
const SUPERVISOR_LEAF: u64 = 0xcf;
export const USER_LEAF: u64 = 0xdf;

function writeEntry(table: usize, index: u64, target: u64, flags: u64): void {
  store<u64>(table + ((<usize>index) << 3), ((target >> 12) << 10) | flags);
}

/** Maps the program's memory at `address` with pages of 4 KiB; the tables below the root lie from `tables` on. */
export function mapProgram(root: usize, tables: usize, address: u64, flags: u64): void {
  let leaves = tables + <usize>PAGE;
  writeEntry(root, address >> GIGAPAGE_SHIFT, tables, VALID);
  for (let block: u64 = 0; block < <u64>MAPPED_BYTES; block += MEGAPAGE) {
    writeEntry(tables, block / MEGAPAGE, leaves, VALID);
    for (let index: u64 = 0; index < ENTRIES; index++) {
      writeEntry(leaves, index, <u64>PROGRAM_BASE + block + index * PAGE, flags);
    }
    leaves += <usize>PAGE;
  }
}

/** Maps the devices, which are in the lowest gigabyte, to themselves. */
export function mapDevices(root: usize, flags: u64): void {
  writeEntry(root, 0, 0, flags);
}

/** What satp, vsatp or hgatp holds to name a root. */
export function rootRegister(root: usize): u64 {
  return (SV39 << 60) | (root >> 12);
}

/** Maps the program's memory and the devices to themselves for supervisor mode; gives the value for satp. */
export function createAddressSpace(): u64 {
  const root = sym_addr('page_tables');
  mapDevices(root, SUPERVISOR_LEAF);
  mapProgram(root, root + <usize>PAGE, PROGRAM_BASE, SUPERVISOR_LEAF);
  return rootRegister(root);
}
