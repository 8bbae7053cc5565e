import * as csr from 'rv/csr';
import { csrr } from '../shared/rv.ts';

/** Assembly: see probes.asm.ts. */
declare function has_delegation(): u64;
declare function has_exit_instruction(): u64;

/** misa bit of the H extension. `priv 3.1.1` */
const MISA_H: u64 = 1 << 7;

/** Whether the harts have the H extension. */
export let hasHypervisor: bool = false;
/** Whether the harts have DV-Ext. */
export let hasDvExt: bool = false;

/** Whether the harts have hutinst. */
export let hasExitInstruction: bool = false;

/** Finds out what the harts can do; they are all alike. */
export function probeFeatures(): void {
  hasHypervisor = (csrr(csr.misa) & MISA_H) != 0;
  hasDvExt = hasHypervisor && has_delegation() != 0;
  hasExitInstruction = hasDvExt && has_exit_instruction() != 0;
}
