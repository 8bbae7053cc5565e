import { fence, FENCE_RW, hfence_gvma } from '../../shared/rv.ts';
import { freePage, takePage } from '../../host/memory/frames.ts';
import { startedHarts } from '../../host/hart.ts';
import { remoteGuestPageFence } from '../../host/sbi-client.ts';
import { lockKernel, unlockKernel } from '../interrupts-off.ts';
import { KvmVm } from '../vm.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';

/** The stage-2 tables of a VM: Sv39x4, pages of 4 KiB; changed under the VM's own lock. `priv 18.5.1` */

const VALID: u64 = 1;
const WRITE: u64 = 4;
const LEAF_MASK: u64 = 0xe;
/** V, R, X, U (every stage-2 leaf needs it), A and D (harts that do not set them fault). */
const READ_LEAF: u64 = 0xdb;
const PPN: u64 = 0xfff_ffff_ffff;
/** Tables that one page may need, and places for spare ones. */
const TABLES_OF_PAGE: u64 = 2;
const SPARE_CAPACITY: u64 = 4;
/** Entries of the root and of a table. */
const ROOT_ENTRIES: u64 = 2048;
const TABLE_ENTRIES: u64 = 512;

/** Makes sure that tables for one more page are there before the lock is taken; false without memory. */
export function fillSpareTables(vcpu: KvmVcpu): bool {
  if (vcpu.spareTables >= TABLES_OF_PAGE) return true;
  const places = changetype<usize>(vcpu) + offsetof<KvmVcpu>('spareTable0');
  lockKernel();
  while (vcpu.spareTables < SPARE_CAPACITY) {
    const page = takePage();
    if (page == 0) break;
    store<usize>(places + (vcpu.spareTables << 3), page);
    vcpu.spareTables++;
  }
  unlockKernel();
  return vcpu.spareTables >= TABLES_OF_PAGE;
}

/** Gives the spare tables of a vCPU back, under the kernel's lock. */
export function freeSpareTables(vcpu: KvmVcpu): void {
  const places = changetype<usize>(vcpu) + offsetof<KvmVcpu>('spareTable0');
  while (vcpu.spareTables != 0) freePage(load<usize>(places + (--vcpu.spareTables << 3)));
}

function takeSpareTable(vcpu: KvmVcpu): usize {
  vcpu.spareTables--;
  const places = changetype<usize>(vcpu) + offsetof<KvmVcpu>('spareTable0');
  return load<usize>(places + (vcpu.spareTables << 3));
}

function rootOf(vm: KvmVm): usize {
  return (<usize>(vm.hgatp & PPN)) << 12;
}

function tableOf(entry: u64): usize {
  return <usize>((entry >> 10) << 12);
}

function slot(table: usize, address: u64, level: u64): usize {
  const mask = level == 2 ? ROOT_ENTRIES - 1 : TABLE_ENTRIES - 1;
  return table + <usize>(((address >> (12 + 9 * level)) & mask) << 3);
}

/** Maps a guest page, over what was mapped there; the guest's next access finds it. */
export function installPage(vcpu: KvmVcpu, address: u64, page: usize, isWritable: bool): void {
  let table = rootOf(vcpu.vm);
  for (let level: u64 = 2; level > 0; level--) {
    const entry = slot(table, address, level);
    const value = load<u64>(entry);
    if ((value & VALID) != 0) table = tableOf(value);
    else {
      table = takeSpareTable(vcpu);
      store<u64>(entry, (((<u64>table) >> 12) << 10) | VALID);
    }
  }
  const entry = slot(table, address, 0);
  const old = load<u64>(entry);
  store<u64>(entry, (((<u64>page) >> 12) << 10) | READ_LEAF | (isWritable ? WRITE : 0));
  fence(FENCE_RW, FENCE_RW);
  // what was absent other harts find absent at worst, and fault; what was mapped must go everywhere
  if ((old & VALID) == 0) hfence_gvma(address >> 2, vcpu.vm.id);
  else remoteGuestPageFence(startedHarts, address, vcpu.vm.id);
}

/** Takes a guest page away on all harts. */
export function removePage(vm: KvmVm, address: u64): void {
  let table = rootOf(vm);
  for (let level: u64 = 2; level > 0; level--) {
    const value = load<u64>(slot(table, address, level));
    if ((value & VALID) == 0) return;
    table = tableOf(value);
  }
  const entry = slot(table, address, 0);
  if ((load<u64>(entry) & VALID) == 0) return;
  store<u64>(entry, 0);
  remoteGuestPageFence(startedHarts, address, vm.id);
}

/** Frees the tables below the root. */
export function freeStage2Tables(vm: KvmVm): void {
  const root = rootOf(vm);
  for (let i: u64 = 0; i < ROOT_ENTRIES; i++) {
    const value = load<u64>(root + <usize>(i << 3));
    if ((value & VALID) == 0) continue;
    const middle = tableOf(value);
    for (let j: u64 = 0; j < TABLE_ENTRIES; j++) {
      const inner = load<u64>(middle + <usize>(j << 3));
      if ((inner & (VALID | LEAF_MASK)) == VALID) freePage(tableOf(inner));
    }
    freePage(middle);
  }
}
