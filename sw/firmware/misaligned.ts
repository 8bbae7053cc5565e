import * as cause from 'rv/cause';
import * as csr from 'rv/csr';
import { readRegister, writeRegister } from '../shared/registers.ts';
import { csrr } from '../shared/rv.ts';
import { Fault, faultOf, fetchAsTrapped, loadAs, storeAs } from './guarded-access.ts';
import { Hart } from './hart.ts';
import {
  ACCESS_BYTES,
  ACCESS_EXECUTE,
  ACCESS_GUEST,
  ACCESS_SIGNED,
  ACCESS_STORE,
  ACCESS_USER,
  accessLength,
  accessRegister,
  decodeAccess,
  isWide,
} from './memory-instruction.ts';
import { redirectFault, redirectTrap } from './redirect.ts';

/** A fault on reading the program's code is a fetch fault to the program. */
function asFetchFault(fault: Fault): void {
  if (fault.cause == cause.loadAccessFault) fault.cause = cause.instructionAccessFault;
  else if (fault.cause == cause.loadPageFault) fault.cause = cause.instructionPageFault;
  else if (fault.cause == cause.loadGuestPageFault) fault.cause = cause.instructionGuestPageFault;
}

function fetch(hart: Hart, fault: Fault): u64 {
  const parcel = fetchAsTrapped(hart, hart.pc, 2, fault);
  if (fault.happened != 0 || !isWide(parcel)) return parcel;
  return parcel | (fetchAsTrapped(hart, hart.pc + 2, 2, fault) << 16);
}

/** mstatus for the access: that of the program, or that of its guest for HLV and its kin. `priv 18.3.1` */
function effectiveStatus(hart: Hart, access: u64): u64 {
  if ((access & ACCESS_GUEST) == 0) return hart.status;
  const isSupervisor =
    (access & ACCESS_USER) != 0
      ? (csrr(csr.hustatus) & csr.hustatus_spvp) != 0
      : (csrr(csr.hstatus) & csr.hstatus_spvp) != 0;
  let status = (hart.status & ~csr.mstatus_mpp) | csr.mstatus_mpv;
  if (isSupervisor) status |= 1 << csr.mstatus_mpp_shift;
  if ((access & ACCESS_EXECUTE) != 0) status |= csr.mstatus_mxr;
  return status;
}

function extend(value: u64, bytes: u64, access: u64): u64 {
  const shift = 64 - (bytes << 3);
  if ((access & ACCESS_SIGNED) == 0) return value;
  return <u64>((<i64>(value << shift)) >> shift);
}

/**
 * Carries out a misaligned load or store byte by byte with the program's rights. A fault on the way is the program's: it goes where the
 * hart would have sent it. Atomics and everything else keep their misaligned exception. `unprivileged 2.6`
 */
export function emulateMisaligned(hart: Hart, trapCause: u64): void {
  const address = csrr(csr.mtval);
  const fault = faultOf(hart);
  const word = fetch(hart, fault);
  if (fault.happened != 0) {
    asFetchFault(fault);
    redirectFault(hart, fault);
    return;
  }
  const access = decodeAccess(word);
  if (access == 0) {
    redirectTrap(hart, trapCause, address, null);
    return;
  }
  const bytes = access & ACCESS_BYTES;
  const register = accessRegister(access);
  const status = effectiveStatus(hart, access);
  const registers = changetype<usize>(hart);
  if ((access & ACCESS_STORE) != 0) {
    storeAs(status, address, bytes, readRegister(registers, register), fault);
  } else {
    const value = loadAs(status, address, bytes, fault);
    if (fault.happened == 0) writeRegister(registers, register, extend(value, bytes, access));
  }
  if (fault.happened != 0) redirectFault(hart, fault);
  else hart.pc += accessLength(access);
}

/** An illegal instruction: nothing is emulated; its receiver gets the instruction's bits in xtval. `priv 3.1.16` */
export function passIllegalInstruction(hart: Hart): void {
  let word = csrr(csr.mtval);
  if (word == 0) {
    const fault = faultOf(hart);
    word = fetch(hart, fault);
    if (fault.happened != 0) {
      asFetchFault(fault);
      redirectFault(hart, fault);
      return;
    }
  }
  redirectTrap(hart, cause.illegalInstruction, word, null);
}
