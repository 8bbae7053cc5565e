import * as csr from 'rv/csr';
import { csrw, sfence_vma, sfence_vma_all } from '../../shared/rv.ts';
import { beginUserChange, endUserChange } from '../../kvm/memory/notifier.ts';
import { isFreeOfHolders } from '../../kvm/memory/page-records.ts';
import { sharedZeroPage } from '../../kvm/memory/zero-page.ts';
import { KvmVm } from '../../kvm/vm.ts';
import { currentHart, startedHarts } from '../hart.ts';
import { Process, AREA_CAPACITY, areaAt } from '../process/process.ts';
import { remoteSfence } from '../sbi-client.ts';
import { Area, AREA_FREE, AREA_PRIVATE, areaOf } from './area.ts';
import { freePage, PAGE_BYTES, takePage } from './frames.ts';
import {
  freeTables,
  mapDevices,
  mapKernelGigabyte,
  mapPage,
  PTE_USER,
  translate,
  unmapPage,
  USER_END,
} from './page-table.ts';

/** satp mode Sv39. `priv 12.1.11` */
const MODE_SV39: u64 = 8;
const GIGABYTE: u64 = 1 << 30;

let ramStart: usize = 0;
let ramEnd: usize = 0;
/** The kernel's own table, in force when no process is. */
export let kernelRoot: usize = 0;

/** Makes a table that maps all RAM for the kernel at VA = PA, and the devices; 0 without memory. */
export function makeRoot(): usize {
  const root = takePage();
  if (root == 0) return 0;
  for (let at = ramStart & ~(GIGABYTE - 1); at < ramEnd; at += GIGABYTE)
    mapKernelGigabyte(root, at);
  mapDevices(root);
  return root;
}

/** Learns where RAM is and makes the kernel's table. */
export function initAddressSpaces(start: usize, end: usize): void {
  ramStart = start;
  ramEnd = end;
  kernelRoot = makeRoot();
}

/** Puts an address space in force on this hart. */
export function useRoot(root: usize): void {
  const hart = currentHart();
  if (hart.root == root) return;
  hart.root = root;
  csrw(csr.satp, (MODE_SV39 << 60) | (root >> 12));
  sfence_vma_all();
}

/** Backs the page of a private area at `address` if it has these rights; false when it is not the process's to touch. */
export function populate(process: Process, address: u64, permissions: u64): bool {
  const area = areaOf(process, address);
  if (area === null || area.kind != AREA_PRIVATE) return false;
  if ((area.permissions & permissions) != permissions) return false;
  if (translate(process.root, address, permissions | PTE_USER) != 0) {
    // another thread's touch was first
    sfence_vma(address, 0);
    return true;
  }
  const page = takePage();
  if (page == 0) return false;
  const start = address & ~(<u64>PAGE_BYTES - 1);
  const isShared = process.kvm !== null && translate(process.root, start, PTE_USER) != 0;
  if (!mapPage(process.root, start, page, area.permissions)) {
    freePage(page);
    return false;
  }
  sfence_vma(start, 0);
  if (isShared) replaceZeroPage(process, start);
  return true;
}

/** A page that was only read so far, the zero page, is there for writing now: nobody must go on reading zeros. */
function replaceZeroPage(process: Process, start: u64): void {
  fenceRange(start, PAGE_BYTES);
  const vm = changetype<KvmVm>(process.kvm);
  beginUserChange(vm, start, start + PAGE_BYTES);
  endUserChange(vm);
}

/** Physical address behind a user address with these rights, backing it first if needed; 0 when it is not the process's to touch. */
export function userToPhysical(process: Process, address: u64, permissions: u64): usize {
  if (address >= USER_END) return 0;
  const wanted = permissions | PTE_USER;
  const physical = translate(process.root, address, wanted);
  if (physical != 0) return physical;
  const present = translate(process.root, address & ~(<u64>PAGE_BYTES - 1), PTE_USER);
  if (present != 0 && present != sharedZeroPage()) return 0;
  return populate(process, address, wanted) ? translate(process.root, address, wanted) : 0;
}

/** Makes every hart forget translations of a range that was unmapped. */
export function fenceRange(start: u64, bytes: u64): void {
  remoteSfence(startedHarts, start, bytes);
}

/** Unmaps and frees the pages of a private area's part. */
export function releasePages(process: Process, start: u64, end: u64): void {
  const vm = process.kvm;
  if (vm !== null) beginUserChange(changetype<KvmVm>(vm), start, end);
  for (let at = start; at < end; at += PAGE_BYTES) {
    const page = unmapPage(process.root, at);
    if (page != 0 && page != sharedZeroPage() && isFreeOfHolders(page)) freePage(page);
  }
  if (vm !== null) endUserChange(changetype<KvmVm>(vm));
}

/** Frees the whole user half of a process that runs nowhere any more. */
export function destroyAddressSpace(process: Process): void {
  for (let i: u64 = 0; i < AREA_CAPACITY; i++) {
    const area: Area = areaAt(process, i);
    if (area.kind == AREA_PRIVATE) releasePages(process, area.start, area.end);
    area.kind = AREA_FREE;
  }
  freeTables(process.root);
  process.root = 0;
}
