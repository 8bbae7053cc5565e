import { FENCE_RW, fence, ld, sd } from '../shared/rv.ts';
import { acquire, release } from '../shared/spin-lock.ts';
import { EINVAL, ENOSPC } from '../shared/syscalls.ts';
import { currentHart, HART_CAPACITY } from '../host/hart.ts';
import { USER_END } from '../host/memory/page-table.ts';
import { kernelLock } from '../host/scheduler.ts';
import { MemoryRegion } from './abi.ts';
import { KvmVm, MemorySlot, ReaderCount, readersOf, SLOT_CAPACITY, slotsOf } from './vm.ts';

/**
 * The RAM of a VM as its process gave it. Readers take no lock: there are two sets of slots, a change goes to the one that is not in force,
 * puts it in force, and waits until nobody reads the other one (the sleepable RCU of Linux).
 */

const PAGE_SHIFT: u64 = 12;
const PAGE_MASK: u64 = 4095;

function setWord(vm: KvmVm): usize {
  return changetype<usize>(vm) + offsetof<KvmVm>('slotSet');
}

/** Begins to read the slots; the result belongs to `endReading`. */
export function beginReading(vm: KvmVm): u64 {
  const set = ld(setWord(vm), 0);
  readersOf(vm, set, currentHart().id).begun++;
  fence(FENCE_RW, FENCE_RW);
  return set;
}

/** Ends to read the slots. */
export function endReading(vm: KvmVm, set: u64): void {
  fence(FENCE_RW, FENCE_RW);
  readersOf(vm, set, currentHart().id).ended++;
}

/** The slot of a guest page in a set, or null. */
export function slotOf(vm: KvmVm, set: u64, page: u64): MemorySlot | null {
  let at = slotsOf(vm, set);
  for (const end = at + <usize>SLOT_CAPACITY * offsetof<MemorySlot>(); at < end;) {
    const slot = changetype<MemorySlot>(at);
    if (slot.pages == 0) return null;
    if (page - slot.firstPage < slot.pages) return slot;
    at += offsetof<MemorySlot>();
  }
  return null;
}

/** The guest page behind a page of the process, or ~0. */
export function guestPageOf(vm: KvmVm, userAddress: u64): u64 {
  for (let i: u64 = 0; i < SLOT_CAPACITY; i++) {
    const slot = slotAt(vm, vm.slotSet, i);
    const offset = userAddress - slot.userAddress;
    if (offset < slot.pages << PAGE_SHIFT) return slot.firstPage + (offset >> PAGE_SHIFT);
  }
  return ~(<u64>0);
}

function slotAt(vm: KvmVm, set: u64, index: u64): MemorySlot {
  return changetype<MemorySlot>(slotsOf(vm, set) + <usize>index * offsetof<MemorySlot>());
}

function isRead(vm: KvmVm, set: u64): bool {
  let open: u64 = 0;
  for (let hart: u64 = 0; hart < HART_CAPACITY; hart++) {
    const count = changetype<usize>(readersOf(vm, set, hart));
    open +=
      ld(count, <i32>offsetof<ReaderCount>('begun')) -
      ld(count, <i32>offsetof<ReaderCount>('ended'));
  }
  return open != 0;
}

function isSound(region: MemoryRegion): bool {
  const all = region.guestPhysical | region.bytes | region.userAddress;
  if ((all & PAGE_MASK) != 0 || region.bytes == 0) return false;
  if (region.guestPhysical + region.bytes < region.bytes) return false;
  return region.userAddress < USER_END && region.bytes <= USER_END - region.userAddress;
}

/** Adds RAM to a VM; under the kernel's lock, which is given up while readers finish. */
export function addMemory(vm: KvmVm, region: MemoryRegion): i64 {
  if (!isSound(region)) return -EINVAL;
  const first = region.guestPhysical >> PAGE_SHIFT;
  const pages = region.bytes >> PAGE_SHIFT;
  const old = vm.slotSet;
  const fresh = old ^ 1;
  let count: u64 = 0;
  for (; count < SLOT_CAPACITY; count++) {
    const slot = slotAt(vm, old, count);
    if (slot.pages == 0) break;
    if (first < slot.firstPage + slot.pages && slot.firstPage < first + pages) return -EINVAL;
    const copy = slotAt(vm, fresh, count);
    copy.firstPage = slot.firstPage;
    copy.pages = slot.pages;
    copy.userAddress = slot.userAddress;
  }
  if (count == SLOT_CAPACITY) return -ENOSPC;
  const added = slotAt(vm, fresh, count);
  added.firstPage = first;
  added.userAddress = region.userAddress;
  added.pages = pages;
  fence(FENCE_RW, FENCE_RW);
  sd(setWord(vm), fresh, 0);
  release(kernelLock);
  while (isRead(vm, old)) {}
  acquire(kernelLock);
  return 0;
}
