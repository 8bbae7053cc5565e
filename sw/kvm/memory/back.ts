import { probe } from '../../shared/rv.ts';
import { acquire, release } from '../../shared/spin-lock.ts';
import { disableInterrupts, enableInterrupts } from '../interrupts-off.ts';
import { KvmVm, MemorySlot } from '../vm.ts';
import { KvmVcpu } from '../vcpu/vcpu.ts';
import { dropPage, noteAccess } from './page-records.ts';
import { fillSpareTables, installPage } from './stage2.ts';
import { PIN_WRITABLE, pinUserPage } from './user-page.ts';
import { inStage2Mapping } from '../../planted-bugs/points.ts';

const PAGE_MASK: u64 = 0xfff;

/** The lock of a VM's stage-2 tables; taken with interrupts off. */
export function mmuLock(vm: KvmVm): usize {
  return changetype<usize>(vm) + offsetof<KvmVm>('mmuLock');
}

function notifications(vm: KvmVm): u64 {
  return load<u64>(changetype<usize>(vm), offsetof<KvmVm>('notifications'));
}

/**
 * Maps the page of the process that stands behind a guest-physical address of RAM; false when the process has none. When the process's
 * memory changed on the way nothing is mapped, and the guest comes again.
 */
export function backGuestPage(vcpu: KvmVcpu, slot: MemorySlot, address: u64, isWrite: bool): bool {
  const vm = vcpu.vm;
  const offset = address - (slot.firstPage << 12);
  const user = (slot.userAddress + offset) & ~PAGE_MASK;
  if (!fillSpareTables(vcpu)) return false;
  const before = notifications(vm);
  probe('get-page');
  const pin = pinUserPage(vm.process, user, isWrite);
  probe('handler');
  if (pin == 0) return false;
  const page = pin & ~(<usize>PAGE_MASK);
  const isWritable = (pin & PIN_WRITABLE) != 0;
  // whoever holds the kernel's lock may wait for this one, which an interrupt of the host would keep
  disableInterrupts();
  acquire(mmuLock(vm));
  if (notifications(vm) == before && (before & 1) == 0) {
    probe('mapping');
    const guest = address & ~PAGE_MASK;
    installPage(vcpu, guest, inStage2Mapping(changetype<usize>(vcpu), guest, page), isWritable);
    probe('metadata');
    noteAccess(page, isWritable);
  }
  release(mmuLock(vm));
  enableInterrupts();
  probe('metadata');
  dropPage(page);
  return true;
}

/** Maps a page of a device, for reading and writing; false without memory for the tables. */
export function mapDevicePage(vcpu: KvmVcpu, address: u64, device: usize): bool {
  if (!fillSpareTables(vcpu)) return false;
  disableInterrupts();
  acquire(mmuLock(vcpu.vm));
  installPage(vcpu, address & ~PAGE_MASK, device, true);
  release(mmuLock(vcpu.vm));
  enableInterrupts();
  return true;
}
