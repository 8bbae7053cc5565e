import { unlessSet } from '../instructions/guard.ts';
import type { Guard } from '../instructions/guard.ts';
import { bits, defineCsr } from './csr.ts';
import type { CsrFeatures } from './features.ts';
import { hstatus } from './hypervisor.ts';
import { wholeWord } from './legalize.ts';

function isPresent({ dv, hasPostedInterrupts }: CsrFeatures): boolean {
  return dv?.['posting.interface'] === 'vitr' && hasPostedInterrupts === true;
}

/** HU and the guest's supervisor, while the host enables DV-Ext; never the guest's users (profiles.md). */
const handlerAndGuest: Guard = {
  U: unlessSet(hstatus, 'hu', 'illegal'),
  VS: unlessSet(hstatus, 'hu', 'virtual'),
  VU: 'virtual',
};

/** The vCPU that runs on the hart; all ones while there is none. */
export const huVcpuid = defineCsr({
  name: 'hu_vcpuid',
  address: 0x8c0,
  extension: 'dv',
  description: 'vCPU id of the hart',
  spec: 'duvisor 5.1',
  reset: 0xffffn,
  present: isPresent,
  access: handlerAndGuest,
  fields: { vcpuid: bits(15, 0, 'any') },
  affects: ['posting'],
});

/** Where a virtual interrupt is posted: bits 15:0 name the vCPU, bits 23:16 the vector; reads zero. */
export const huVitr = defineCsr({
  name: 'hu_vitr',
  address: 0x8c1,
  extension: 'dv',
  description: 'Virtual interrupt to post',
  spec: 'duvisor 5.1',
  storage: 'constant',
  present: isPresent,
  access: ({ dv }) =>
    dv?.['posting.writers'] === 'hu' ? { ...handlerAndGuest, VS: 'virtual' } : handlerAndGuest,
  fields: wholeWord,
});

/** The registers through which virtual interrupts are posted to the unit. */
export const postingCsrs = [huVcpuid, huVitr];
