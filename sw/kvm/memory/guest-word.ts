import { slotOf } from '../memory-slots.ts';
import { KvmVm, MemorySlot } from '../vm.ts';
import { dropPage } from './page-records.ts';
import { pinUserPage } from './user-page.ts';

const PAGE_MASK: usize = 0xfff;
const WORD_MASK: u64 = 7;

/** Where the kernel sees a doubleword of the guest's RAM, in a page that stays until `releaseGuestWord`; 0 when there is none, or it is misaligned. */
export function takeGuestWord(vm: KvmVm, set: u64, address: u64): usize {
  const slot = slotOf(vm, set, address >> 12);
  if (slot === null || (address & WORD_MASK) != 0) return 0;
  const found = changetype<MemorySlot>(slot);
  const user = found.userAddress + address - (found.firstPage << 12);
  const pin = pinUserPage(vm.process, user & ~(<u64>PAGE_MASK), true);
  return pin == 0 ? 0 : (pin & ~PAGE_MASK) | ((<usize>address) & PAGE_MASK);
}

/** Ends the use of a word. */
export function releaseGuestWord(word: usize): void {
  dropPage(word & ~PAGE_MASK);
}
