import { PAGE } from '../../shared/page.ts';
import { PLIC_CONTEXTS, SHARED_PAGES, WINDOW_CONTEXTS } from '../../shared/posted-window.ts';
import { vcpuAt } from '../vcpu/vcpu.ts';
import { PLIC_BASE } from '../../vmm/interrupt-controller.ts';
import { vcpuCount } from '../../vmm/options.ts';
import { postedWindow } from '../vm/posting.ts';
import { mapPage } from './stage2-table.ts';

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
