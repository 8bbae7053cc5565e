import * as csr from 'rv/csr';
import { csrr, csrw, cstr } from '../shared/rv.ts';
import { printHex, printString } from './console.ts';
import { hasDvExt, hasExitInstruction, hasHypervisor } from './features.ts';
import { fail } from './finisher.ts';
import { Fault } from './guarded-access.ts';
import { Hart } from './hart.ts';

/** Trap vectors are entered directly for exceptions: the mode bits of xtvec are no address. `priv 3.1.7` */
const VECTOR_MODE: u64 = 3;

function field(value: u64, mask: u64): bool {
  return (value & mask) != 0;
}

function bit(isSet: bool, mask: u64): u64 {
  return isSet ? mask : 0;
}

/** Pushes the interrupt-enable stack of sstatus or vsstatus and notes the previous privilege. `priv 12.1.1` */
function pushStatus(old: u64, wasSupervisor: bool): u64 {
  const cleared = old & ~(csr.sstatus_spp | csr.sstatus_spie | csr.sstatus_sie);
  return (
    cleared |
    bit(field(old, csr.sstatus_sie), csr.sstatus_spie) |
    bit(wasSupervisor, csr.sstatus_spp)
  );
}

function returnTo(hart: Hart, pc: u64, supervisor: bool, virtual: bool): void {
  hart.pc = pc & ~VECTOR_MODE;
  hart.status =
    (hart.status & ~(csr.mstatus_mpp | csr.mstatus_mpv)) |
    bit(supervisor, 1 << csr.mstatus_mpp_shift) |
    bit(virtual, csr.mstatus_mpv);
}

function enterVirtualSupervisor(hart: Hart, cause: u64, value: u64, wasSupervisor: bool): void {
  csrw(csr.vsepc, hart.pc);
  csrw(csr.vscause, cause);
  csrw(csr.vstval, value);
  csrw(csr.vsstatus, pushStatus(csrr(csr.vsstatus), wasSupervisor));
  returnTo(hart, csrr(csr.vstvec), true, true);
}

/** A trap of the guest to its exit handler, exactly as the hart delivers one. `duvisor 3.2` */
function enterExitHandler(
  hart: Hart,
  cause: u64,
  value: u64,
  wasSupervisor: bool,
  fault: Fault | null,
): void {
  const old = csrr(csr.hustatus);
  let status = old & ~(csr.hustatus_upie | csr.hustatus_uie | csr.hustatus_spvp | csr.hustatus_gva);
  status |= bit(field(old, csr.hustatus_uie), csr.hustatus_upie);
  status |= csr.hustatus_spv | bit(wasSupervisor, csr.hustatus_spvp);
  csrw(csr.uepc, hart.pc);
  csrw(csr.ucause, cause);
  csrw(csr.utval, value);
  if (fault !== null) {
    status |= bit(field(fault.status, csr.mstatus_gva), csr.hustatus_gva);
    csrw(csr.hutval, fault.value2);
    if (hasExitInstruction) csrw(csr.hutinst, fault.instruction);
  }
  csrw(csr.hustatus, status);
  returnTo(hart, csrr(csr.utvec), false, false);
}

function enterSupervisor(
  hart: Hart,
  cause: u64,
  value: u64,
  wasVirtual: bool,
  wasSupervisor: bool,
  fault: Fault | null,
): void {
  if (hasHypervisor) {
    let status = csrr(csr.hstatus) & ~(csr.hstatus_spv | csr.hstatus_gva);
    if (wasVirtual) {
      status =
        (status & ~csr.hstatus_spvp) | csr.hstatus_spv | bit(wasSupervisor, csr.hstatus_spvp);
    }
    const source = fault !== null ? fault.status : hart.status;
    status |= bit(field(source, csr.mstatus_gva), csr.hstatus_gva);
    csrw(csr.hstatus, status);
    csrw(csr.htval, fault !== null ? fault.value2 : 0);
    csrw(csr.htinst, fault !== null ? fault.instruction : 0);
  }
  csrw(csr.sepc, hart.pc);
  csrw(csr.scause, cause);
  csrw(csr.stval, value);
  const status = hart.status;
  hart.status =
    (status & ~(csr.mstatus_spp | csr.mstatus_spie | csr.mstatus_sie)) |
    bit(field(status, csr.mstatus_sie), csr.mstatus_spie) |
    bit(wasSupervisor, csr.mstatus_spp);
  returnTo(hart, csrr(csr.stvec), true, false);
}

/**
 * Passes a trap on to the mode that hardware delegation would have chosen below M: VS by hedeleg, the exit handler by h_enable and
 * sedeleg, else HS. `priv 18.6.1` `duvisor 3.1`
 */
export function redirectTrap(hart: Hart, cause: u64, value: u64, fault: Fault | null): void {
  const privilege = (hart.status & csr.mstatus_mpp) >> csr.mstatus_mpp_shift;
  if (privilege == 3) panic(hart);
  const wasSupervisor = privilege == 1;
  const wasVirtual = hasHypervisor && field(hart.status, csr.mstatus_mpv);
  const mask: u64 = 1 << cause;
  if (wasVirtual && field(csrr(csr.hedeleg), mask)) {
    enterVirtualSupervisor(hart, cause, value, wasSupervisor);
  } else if (
    wasVirtual &&
    hasDvExt &&
    field(csrr(csr.hstatus), csr.hstatus_hu) &&
    field(csrr(csr.sedeleg), mask)
  ) {
    enterExitHandler(hart, cause, value, wasSupervisor, fault);
  } else {
    enterSupervisor(hart, cause, value, wasVirtual, wasSupervisor, fault);
  }
}

/** Passes on a fault that came up while the firmware accessed memory for the program. */
export function redirectFault(hart: Hart, fault: Fault): void {
  redirectTrap(hart, fault.cause, fault.value, fault);
}

/** A trap of the firmware itself: reports and ends the machine. */
function panic(hart: Hart): void {
  printString(cstr('firmware: trap in M mode, mcause '));
  printHex(csrr(csr.mcause));
  printString(cstr(' mepc '));
  printHex(hart.pc);
  printString(cstr(' mtval '));
  printHex(csrr(csr.mtval));
  printString(cstr('\n'));
  fail(2);
}
