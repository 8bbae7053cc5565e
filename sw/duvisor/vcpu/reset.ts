import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { csrc, csrw, fence_i, hufence_vvma_all, sym_addr } from '../../shared/rv.ts';
import { timeDelta } from '../../vmm/time.ts';
import { Vcpu, setRegister } from './vcpu.ts';

const ARGUMENT_HART: u32 = 10;
const ARGUMENT_OPAQUE: u32 = 11;
/** Cycle, time and retired instructions are free for the guest to read. */
const COUNTERS: u64 = 7;

/** Programs the registers of DV-Ext that stay for the life of a vCPU's thread (duvisor 7.5). */
export function resetHypervisorRegisters(): void {
  csrw(csr.utvec, sym_addr('vm_exit'));
  csrw(csr.hucounteren, COUNTERS);
  csrw(csr.hutimedelta, timeDelta);
  csrw(csr.huie, (1 << interrupt.usip) | (1 << interrupt.utip));
}

/**
 * Puts the guest's hart in the state in which an SBI starts one: supervisor mode, no translation, interrupts off, a0 the hart's
 * number and a1 the argument (sbi 9.1). WFI exits (VTW), so that an idle guest gives its host the hart.
 */
export function resetGuest(vcpu: Vcpu): void {
  for (let register: u32 = 1; register < 32; register++) setRegister(vcpu, register, 0);
  setRegister(vcpu, ARGUMENT_HART, vcpu.index);
  setRegister(vcpu, ARGUMENT_OPAQUE, vcpu.startArgument);
  csrw(csr.vtimectl, 0);
  csrc(csr.huvip, (1 << interrupt.vssip) | (1 << interrupt.vstip));
  vcpu.isTimerRaised = 0;
  csrw(csr.huvsie, 0);
  csrw(csr.huvsstatus, 0);
  csrw(csr.huvstvec, 0);
  csrw(csr.huvsscratch, 0);
  csrw(csr.huvsepc, 0);
  csrw(csr.huvscause, 0);
  csrw(csr.huvstval, 0);
  csrw(csr.huvsatp, 0);
  csrw(csr.uepc, vcpu.startAddress);
  csrw(csr.hustatus, csr.hstatus_spv | csr.hstatus_spvp | csr.hstatus_vtw);
  hufence_vvma_all();
  fence_i();
}
