import { PAGE } from '../../shared/page.ts';
import { acquire, release } from '../../shared/spin-lock.ts';
import { KvmVm } from '../vm.ts';
import { guestPageOf } from '../memory-slots.ts';
import { mmuLock } from './back.ts';
import { removePage } from './stage2.ts';

/**
 * The process's pages change, and the guest must not go on with the old ones. `notifications` of the VM is odd while a change is under way, and
 * another number afterwards: whoever read it before maps nothing.
 */

const NOWHERE: u64 = ~0;

/** The pages from `start` to `end` are about to change. Under the kernel's lock. */
export function beginUserChange(vm: KvmVm, start: u64, end: u64): void {
  acquire(mmuLock(vm));
  vm.notifications++;
  for (let at = start; at < end; at += PAGE) {
    const page = guestPageOf(vm, at);
    if (page != NOWHERE) removePage(vm, page << 12);
  }
  release(mmuLock(vm));
}

/** They have changed. */
export function endUserChange(vm: KvmVm): void {
  acquire(mmuLock(vm));
  vm.notifications++;
  release(mmuLock(vm));
}
