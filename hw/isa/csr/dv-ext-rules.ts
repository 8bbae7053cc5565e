import { Interrupt } from '../cause.ts';
import { unlessSet } from '../instructions/guard.ts';
import type { Guard } from '../instructions/guard.ts';
import { bit } from './csr.ts';
import type { CsrField } from './csr.ts';
import type { CsrFeatures, DvCsrRules } from './features.ts';
import { hstatus } from './hypervisor.ts';
import { lowBits } from './legalize.ts';

/** All bits of a register. */
export const ALL = lowBits(64);

/** What the DV-Ext rules decide, and what holds without DV-Ext. */
export function ruled<Value>(rule: (dv: DvCsrRules) => Value, otherwise: Value) {
  return ({ dv }: CsrFeatures): Value => (dv === undefined ? otherwise : rule(dv));
}

/** Who reaches the registers of an exit handler: HU, which `hstatus.HU` makes of U, and never a guest (duvisor 3). */
export function exitHandlerAccess({ dv }: CsrFeatures): Guard {
  if (dv?.access === 'open') return { U: [], VS: [], VU: [] };
  return { U: unlessSet(hstatus, 'hu', 'illegal'), VS: 'virtual', VU: 'virtual' };
}

/** The same for the HUVS views, which the QEMU fork forgets to guard. */
export function guestStateAccess(features: CsrFeatures): Guard {
  if (features.dv?.access === 'predicates') return { U: [], VS: [], VU: [] };
  return exitHandlerAccess(features);
}

/** Delegation to HU and the VM id: the kernel's; only the prototypes let a guest's kernel at them. */
export function delegationAccess({ dv }: CsrFeatures): Guard {
  return dv === undefined || dv.access === 'enabled' ? { VS: 'virtual' } : {};
}

/** Fields of the three user interrupts. */
export function userBits(write: CsrField['write']) {
  return {
    usip: bit(Interrupt.usip, write),
    utip: bit(Interrupt.utip, write),
    ueip: bit(Interrupt.ueip, write),
  } as const;
}
