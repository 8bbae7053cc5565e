import type { MacroAssembler, Register } from '../../toolchain/index.ts';
import { registers } from '../../toolchain/index.ts';

const { a0, t2 } = registers;

/** Cause of the calls that a guest's round trips begin with. */
export const environmentCallFromVS = 10;

/** hstatus.SPV and sstatus.SPP: a trap return goes to VS mode. */
export const previousVirtual = 1 << 7;
export const previousSupervisor = 1 << 8;

/**
 * A guest that calls whoever handles its exits as often as a0 says; the handler finds the cause to expect in t2. The last
 * call comes with none to expect, so that the handler ends the loop.
 */
export function callExitHandler(a: MacroAssembler): void {
  const again = a.here();
  a.ecall();
  a.addi(a0, a0, -1);
  a.bnez(a0, again);
  a.li(t2, 0);
  a.ecall();
}

/** Sets bits of a CSR that do not fit an immediate. */
export function setBits(a: MacroAssembler, csr: string, bits: number, scratch: Register): void {
  a.li(scratch, bits);
  a.csrs(csr, scratch);
}
