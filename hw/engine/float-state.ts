import { csrSlots, fcsr, floatDirty, mstatus, RoundingMode, vsstatus } from '../isa/index.ts';
import type { Csr } from '../isa/index.ts';
import type { HartState } from './hart-state.ts';

function slotOf(csr: Csr): number {
  const slot = csrSlots.get(csr);
  if (slot === undefined) throw new Error(`CSR ${csr.name} has no slot`);
  return slot;
}

/** The CSR words behind floating-point instructions, as indices into `HartState.csr`. */
export const floatSlots = {
  fcsr: slotOf(fcsr),
  mstatus: slotOf(mstatus),
  vsstatus: slotOf(vsstatus),
} as const;

const { frm } = fcsr.fields;

/** Notes that floating-point state has changed: `FS` of the host, and of the guest that runs, is Dirty (priv 3.1.6.6, priv 18.2.11). */
export function markFloatDirty(state: HartState): void {
  const { csr } = state;
  csr[floatSlots.mstatus] = (csr[floatSlots.mstatus] ?? 0n) | floatDirty;
  if (state.virtual) csr[floatSlots.vsstatus] = (csr[floatSlots.vsstatus] ?? 0n) | floatDirty;
}

/** Joins what an operation reported to the accrued flags; reporting something makes the state dirty. */
export function accrueFlags(state: HartState, flags: number): void {
  if (flags === 0) return;
  const { csr } = state;
  csr[floatSlots.fcsr] = (csr[floatSlots.fcsr] ?? 0n) | BigInt(flags);
  markFloatDirty(state);
}

/** The mode that an instruction rounds in, which `frm` decides if its own says so; above 4 there is none. */
export function effectiveRounding(state: HartState, rm: number): number {
  if (rm !== RoundingMode.dyn) return rm;
  return Number(((state.csr[floatSlots.fcsr] ?? 0n) & frm.mask) >> BigInt(frm.low));
}
