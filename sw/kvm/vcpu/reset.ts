import * as csr from 'rv/csr';
import { csrw, fence_i } from '../../shared/rv.ts';
import { zeroBytes } from '../../shared/bytes.ts';
import { Registers } from '../../shared/registers.ts';
import { FOREVER } from '../../host/process/thread.ts';
import { doesGuestPost } from '../posting.ts';
import { fenceGuestTranslations } from './guest-fence.ts';
import { KvmVcpu } from './vcpu.ts';

/** Cycle, time and retired instructions are free for the guest's user mode to read. */
const COUNTERS: u64 = 7;

/**
 * Puts the guest's hart in the state in which an SBI starts one: supervisor mode, no translation, interrupts off, a0 its number and a1 the
 * argument (sbi 9.1). WFI exits (VTW), so that an idle guest gives its host the hart.
 */
export function resetVcpu(vcpu: KvmVcpu): void {
  zeroBytes(changetype<usize>(vcpu), offsetof<Registers>());
  vcpu.a0 = vcpu.id;
  vcpu.a1 = vcpu.startArgument;
  vcpu.sepc = vcpu.startAddress;
  vcpu.sstatus = csr.sstatus_spp | csr.sstatus_spie;
  vcpu.hstatus = csr.hstatus_spv | csr.hstatus_spvp | csr.hstatus_vtw;
  if (doesGuestPost(vcpu.vm)) vcpu.hstatus |= csr.hstatus_hu;
  vcpu.scounteren = COUNTERS;
  vcpu.pendingInterrupts = 0;
  vcpu.changedInterrupts = 0;
  vcpu.timerDeadline = FOREVER;
  vcpu.hvip = 0;
  csrw(csr.hvip, 0);
  csrw(csr.vsie, 0);
  csrw(csr.vsstatus, 0);
  csrw(csr.vstvec, 0);
  csrw(csr.vsscratch, 0);
  csrw(csr.vsepc, 0);
  csrw(csr.vscause, 0);
  csrw(csr.vstval, 0);
  csrw(csr.vsatp, 0);
  fenceGuestTranslations(vcpu);
  fence_i();
}
