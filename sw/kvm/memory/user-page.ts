import { areaOf, AREA_PRIVATE } from '../../host/memory/area.ts';
import { populate } from '../../host/memory/address-space.ts';
import { mapPage, PTE_READ, PTE_USER, PTE_WRITE, translate } from '../../host/memory/page-table.ts';
import { Process } from '../../host/process/process.ts';
import {
  disableInterrupts,
  enableInterrupts,
  lockKernel,
  unlockKernel,
} from '../interrupts-off.ts';
import { dropPage, holdPage } from './page-records.ts';
import { sharedZeroPage } from './zero-page.ts';

/**
 * Getting the page behind an address of the process, and holding it: first without a lock, for a page that is there and writable; then
 * under the lock, by area and table, making the page if it has never been touched. A page that is only read becomes the zero page.
 */

function pinFast(process: Process, address: u64, permissions: u64): usize {
  // with interrupts off this hart answers no fence, so that tables it walks stay
  disableInterrupts();
  const page = translate(process.root, address, permissions | PTE_USER);
  if (page == 0) {
    enableInterrupts();
    return 0;
  }
  holdPage(page);
  const isStable = translate(process.root, address, permissions | PTE_USER) == page;
  enableInterrupts();
  if (isStable) return page;
  dropPage(page);
  return 0;
}

/** Makes a page that is missing, or that was the zero page and is to be written. */
function faultIn(process: Process, address: u64, permissions: u64): bool {
  if (permissions == PTE_READ) {
    return mapPage(process.root, address, sharedZeroPage(), PTE_READ | PTE_USER);
  }
  return populate(process, address, permissions | PTE_USER);
}

function pinSlow(process: Process, address: u64, permissions: u64): usize {
  lockKernel();
  const area = areaOf(process, address);
  let page: usize = 0;
  if (
    area !== null &&
    area.kind == AREA_PRIVATE &&
    (area.permissions & permissions) == permissions
  ) {
    page = translate(process.root, address, permissions | PTE_USER);
    if (page == 0 && faultIn(process, address, permissions)) {
      page = translate(process.root, address, permissions | PTE_USER);
    }
    if (page != 0) holdPage(page);
  }
  unlockKernel();
  return page;
}

/** Whether a page may be mapped writable although it was wanted for reading. */
export const PIN_WRITABLE: usize = 1;

/** The page behind a page-aligned address, held, with PIN_WRITABLE if the guest may write it; 0 when the process has none there. */
export function pinUserPage(process: Process, address: u64, isWrite: bool): usize {
  const both = PTE_READ | PTE_WRITE;
  let page = pinFast(process, address, both);
  if (page != 0) return page | PIN_WRITABLE;
  page = pinSlow(process, address, isWrite ? both : PTE_READ);
  if (page == 0) return 0;
  if (isWrite) return page | PIN_WRITABLE;
  // another vCPU may have written it meanwhile: then the guest may write it at once
  const writable = pinFast(process, address, both);
  if (writable == 0) return page;
  dropPage(page);
  return writable | PIN_WRITABLE;
}
