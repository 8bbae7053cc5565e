import { amoadd_w, amoor_w } from '../../shared/rv.ts';
import { zeroBytes } from '../../shared/bytes.ts';
import { ramStart } from '../../host/machine.ts';
import { freePage, PAGE_BYTES, takeBlock, totalFrameCount } from '../../host/memory/frames.ts';
import { lockKernel, unlockKernel } from '../interrupts-off.ts';

/** What the kernel knows of each page of RAM that guests use: who holds it, and what was done with it (the `struct page` of Linux, in short). */

/** The guest has read, or written, the page. */
const ACCESSED: u32 = 1;
const DIRTY: u32 = 2;
/** Its process has given it back while somebody held it. */
const ORPHAN: u32 = 4;

const RECORD_SHIFT: usize = 3;
const FLAGS: usize = 4;
let records: usize = 0;

/** Makes the table of records, once; false without memory. */
export function makePageRecords(): bool {
  if (records != 0) return true;
  const bytes = ((totalFrameCount << RECORD_SHIFT) + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
  records = takeBlock(bytes, PAGE_BYTES);
  if (records == 0) return false;
  zeroBytes(records, bytes);
  return true;
}

function recordOf(page: usize): usize {
  return records + (((page - ramStart) >> 12) << RECORD_SHIFT);
}

/** Holds a page. */
export function holdPage(page: usize): void {
  amoadd_w(recordOf(page), 1);
}

/** Lets go of a page, and gives it back if nobody has it any more. */
export function dropPage(page: usize): void {
  const record = recordOf(page);
  if (amoadd_w(record, ~(<u32>0)) != 1) return;
  if ((load<u32>(record, FLAGS) & ORPHAN) == 0) return;
  store<u32>(record, 0, FLAGS);
  lockKernel();
  freePage(page);
  unlockKernel();
}

/** Notes what the guest did with a page. */
export function noteAccess(page: usize, isWrite: bool): void {
  const record = recordOf(page) + FLAGS;
  const wanted = isWrite ? ACCESSED | DIRTY : ACCESSED;
  if ((load<u32>(record) & wanted) != wanted) amoor_w(record, wanted);
}

/** A process gives a page back; false if somebody holds it, who then frees it. Under the kernel's lock. */
export function isFreeOfHolders(page: usize): bool {
  if (records == 0) return true;
  const record = recordOf(page);
  if (load<u32>(record) == 0) {
    store<u32>(record, 0, FLAGS);
    return true;
  }
  amoor_w(record + FLAGS, ORPHAN);
  return false;
}
