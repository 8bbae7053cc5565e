import { counterCsrs } from './counters.ts';
import { hasSlot, isAlias } from './csr.ts';
import type { Csr } from './csr.ts';
import { dvExtViews } from './dv-ext-views.ts';
import { dvExtCsrs } from './dv-ext.ts';
import { floatCsrs } from './float.ts';
import { hypervisorCsrs } from './hypervisor.ts';
import { machineInterruptCsrs } from './machine-interrupts.ts';
import { machineCsrs } from './machine.ts';
import { pmpCsrs } from './pmp.ts';
import { supervisorCsrs } from './supervisor.ts';
import { supervisorTimerCsrs } from './supervisor-timer.ts';
import { virtualSupervisorCsrs } from './virtual-supervisor.ts';
import { virtualTimerCsrs } from './virtual-timer.ts';
import { forkPostingCsrs } from './fork-posting.ts';

export * from './counters.ts';
export * from './csr.ts';
export * from './dv-ext-views.ts';
export * from './dv-ext-posting.ts';
export { coreLocalCsrs } from './fork-posting.ts';
export * from './dv-ext.ts';
export * from './features.ts';
export * from './float-status.ts';
export * from './float.ts';
export * from './hypervisor.ts';
export * from './machine-interrupts.ts';
export * from './machine.ts';
export * from './performance-events.ts';
export * from './pmp.ts';
export * from './supervisor.ts';
export * from './supervisor-timer.ts';
export * from './virtual-supervisor.ts';
export * from './virtual-timer.ts';

/** Builds a lookup table and refuses two CSRs under one key. */
export function indexCsrs<Key extends string | number>(
  rows: readonly Csr[],
  keyOf: (csr: Csr) => Key,
): ReadonlyMap<Key, Csr> {
  const table = new Map<Key, Csr>();
  for (const csr of rows) {
    const key = keyOf(csr);
    const other = table.get(key);
    if (other !== undefined) {
      throw new Error(`CSR ${csr.name}: ${String(key)} already belongs to ${other.name}`);
    }
    table.set(key, csr);
  }
  return table;
}

/** Every CSR of the model, in the order of the groups. */
export const csrs: readonly Csr[] = [
  ...machineCsrs,
  ...machineInterruptCsrs,
  ...supervisorCsrs,
  ...hypervisorCsrs,
  ...virtualSupervisorCsrs,
  ...counterCsrs,
  ...floatCsrs,
  ...pmpCsrs,
  ...dvExtCsrs,
  ...dvExtViews,
  ...virtualTimerCsrs,
  ...forkPostingCsrs,
  ...supervisorTimerCsrs,
];

/** CSRs by their 12-bit address. */
export const csrByAddress = indexCsrs(csrs, (csr) => csr.address);

/** CSRs by the manual's name. */
export const csrByName = indexCsrs(csrs, (csr) => csr.name);

/** Place of each CSR that keeps bits of its own in a hart's array of CSR words. */
export const csrSlots: ReadonlyMap<Csr, number> = new Map(
  csrs.filter(hasSlot).map((csr, slot) => [csr, slot]),
);

/** Words in a hart's array of CSR words. */
export const csrSlotCount = csrSlots.size;

/** The CSR whose bits another one shows, through all views; itself where it is no view. */
export function underlying(csr: Csr): Csr {
  return isAlias(csr.storage) ? underlying(csr.storage.aliasOf) : csr;
}
