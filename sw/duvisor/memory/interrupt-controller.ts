import { vcpuAt } from '../vcpu/vcpu.ts';
import { PLIC_BASE } from '../../vmm/interrupt-controller.ts';
import { vcpuCount } from '../../vmm/options.ts';
import { postedWindow } from '../vm/posting.ts';
import { mapPage } from './stage2-table.ts';

const PAGE: u64 = 4096;
/** Pages of priorities, pending bits and enables, in the window as in a PLIC. */
const SHARED_PAGES: u64 = 3;
/** Where the pages of the vCPUs begin in the window, and those of the contexts in a PLIC. */
const WINDOW_CONTEXTS: u64 = 0x2_0000;
const PLIC_CONTEXTS: u64 = 0x20_0000;

/** Puts the VM's window of the posted-interrupt unit where the guest expects its PLIC, so that it claims and completes without exits. */
export function mapInterruptController(): void {
  const boot = vcpuAt(0);
  for (let page: u64 = 0; page < SHARED_PAGES; page++)
    mapPage(boot, PLIC_BASE + page * PAGE, postedWindow + page * PAGE);
  for (let index: u64 = 0; index < vcpuCount; index++) {
    const context = index * PAGE;
    mapPage(boot, PLIC_BASE + PLIC_CONTEXTS + context, postedWindow + WINDOW_CONTEXTS + context);
  }
}
