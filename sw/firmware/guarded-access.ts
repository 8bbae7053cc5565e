import * as csr from 'rv/csr';
import { csrr, sym_addr } from '../shared/rv.ts';
import { hasHypervisor } from './features.ts';
import { Hart } from './hart.ts';

/** What went wrong in an access made for another mode. */
@unmanaged
export class Fault {
  /** 0 or 1. */
  happened: u64;
  /** mstatus as that trap left it (GVA). */
  status: u64;
  cause: u64;
  value: u64;
  /** mtval2: guest-physical address >> 2. */
  value2: u64;
  /** mtinst when it is a pseudoinstruction for an implicit access, else 0. `priv 18.6.3` */
  instruction: u64;
}

/** The hart's own fault record. */
export function faultOf(hart: Hart): Fault {
  return changetype<Fault>(sym_addr('hart_faults') + hart.id * offsetof<Fault>());
}

/** Assembly: see guarded-access.asm.ts. */
declare function guarded_load(address: u64, count: u64, status: u64, fault: Fault): u64;
declare function guarded_store(
  address: u64,
  count: u64,
  value: u64,
  status: u64,
  fault: Fault,
): void;

/** mtinst of a fault on an implicit page-table access has these bits. `priv table "Special pseudoinstruction values"` */
const PSEUDOINSTRUCTION_MASK: u64 = 0xffff_ffff_ffff_cfdf;

function describe(fault: Fault): void {
  if (fault.happened == 0) return;
  fault.cause = csrr(csr.mcause);
  fault.value = csrr(csr.mtval);
  fault.value2 = 0;
  fault.instruction = 0;
  if (!hasHypervisor) return;
  fault.value2 = csrr(csr.mtval2);
  const instruction = csrr(csr.mtinst);
  // a transformed load would describe the firmware's byte access, not the program's
  if ((instruction & PSEUDOINSTRUCTION_MASK) == 0) fault.instruction = instruction;
}

/** Reads 1-8 bytes with the privilege and translation in `status` (MPP, MPV); `status` is an mstatus value. */
export function loadAs(status: u64, address: u64, count: u64, fault: Fault): u64 {
  const value = guarded_load(address, count, status | csr.mstatus_mprv, fault);
  describe(fault);
  return value;
}

/** Writes 1-8 bytes the same way. */
export function storeAs(status: u64, address: u64, count: u64, value: u64, fault: Fault): void {
  guarded_store(address, count, value, status | csr.mstatus_mprv, fault);
  describe(fault);
}

/** Reads 1-8 bytes as the interrupted program would. */
export function loadAsTrapped(hart: Hart, address: u64, count: u64, fault: Fault): u64 {
  return loadAs(hart.status, address, count, fault);
}

/** Reads 1-8 bytes of the interrupted program's code, which may be execute-only. */
export function fetchAsTrapped(hart: Hart, address: u64, count: u64, fault: Fault): u64 {
  return loadAs(hart.status | csr.mstatus_mxr, address, count, fault);
}
