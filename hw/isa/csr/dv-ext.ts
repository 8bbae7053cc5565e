import { bitsOf, Cause } from '../cause.ts';
import { bits, defineCsr } from './csr.ts';
import { ALL, delegationAccess, exitHandlerAccess, ruled, userBits } from './dv-ext-rules.ts';
import { postingCsrs } from './dv-ext-posting.ts';
import {
  causeFields,
  handlerInterrupts,
  instructionAddress,
  lowBits,
  masked,
  trapVector,
  trapVectorFields,
  wholeWord,
} from './legalize.ts';
import { mie, mip } from './machine-interrupts.ts';

const exits = bitsOf(
  Cause.environmentCallFromVS,
  Cause.instructionGuestPageFault,
  Cause.loadGuestPageFault,
  Cause.virtualInstruction,
  Cause.storeGuestPageFault,
);
const misaligned = bitsOf(Cause.loadAddressMisaligned, Cause.storeAddressMisaligned);
const sedelegMasks = { exits, 'exits-and-misaligned': exits | misaligned, any: ALL } as const;

/** Exits that leave HS for HU: `h_deleg`, exceptions. */
export const sedeleg = defineCsr({
  name: 'sedeleg',
  address: 0x102,
  extension: 'dv',
  description: 'Exit delegation to HU, exceptions',
  spec: 'duvisor 3',
  access: delegationAccess,
  fields: {
    exceptions: bits(63, 0, masked(ruled((dv) => sedelegMasks[dv.sedeleg], exits))),
  },
});

/** Interrupts that leave HS for HU: `h_deleg`, interrupts. */
export const sideleg = defineCsr({
  name: 'sideleg',
  address: 0x103,
  extension: 'dv',
  description: 'Exit delegation to HU, interrupts',
  spec: 'duvisor 3',
  access: delegationAccess,
  fields: {
    interrupts: bits(
      63,
      0,
      masked(ruled((dv) => (dv.sedeleg === 'any' ? ALL : handlerInterrupts(dv)), 0n)),
    ),
  },
  affects: ['interrupts'],
});

/** The VM that runs on the hart, by the number its kernel gave it; entries of the TLB are tagged with it. */
export const hVmid = defineCsr({
  name: 'h_vmid',
  address: 0x6c0,
  extension: 'dv',
  description: 'VM id of the hart',
  spec: 'duvisor 3',
  present: ({ dv }) => dv?.vmid === 'register',
  fields: {
    vmid: bits(
      13,
      0,
      masked(({ vmidBits }) => lowBits(vmidBits)),
    ),
  },
  affects: ['translation', 'posting'],
});

/** Old user-level status: reads zero. */
export const ustatus = defineCsr({
  name: 'ustatus',
  address: 0x000,
  extension: 'dv',
  description: 'User status',
  spec: 'duvisor 3',
  storage: 'constant',
  present: ({ dv }) => dv?.userViews === 'present',
  access: exitHandlerAccess,
  fields: {},
});

/** Read-only view of the user interrupts' enables. */
export const uie = defineCsr({
  name: 'uie',
  address: 0x004,
  extension: 'dv',
  description: 'User interrupt enable',
  spec: 'duvisor 3',
  storage: { aliasOf: mie },
  present: ({ dv }) => dv?.userViews === 'present',
  access: exitHandlerAccess,
  fields: userBits('ignored'),
});

/** Base address of the exit handler: `hu_ehb`. */
export const utvec = defineCsr({
  name: 'utvec',
  address: 0x005,
  extension: 'dv',
  description: 'Exit handler base',
  spec: 'duvisor 3',
  access: exitHandlerAccess,
  fields: trapVectorFields,
  legalize: trapVector,
});

/** Scratch register of the exit handler. */
export const uscratch = defineCsr({
  name: 'uscratch',
  address: 0x040,
  extension: 'dv',
  description: 'Exit handler scratch',
  spec: 'duvisor 3',
  access: exitHandlerAccess,
  fields: wholeWord,
});

/** Where the guest was at its last exit: `hu_vpc`. */
export const uepc = defineCsr({
  name: 'uepc',
  address: 0x041,
  extension: 'dv',
  description: 'Program counter of the exit',
  spec: 'duvisor 3',
  access: exitHandlerAccess,
  fields: wholeWord,
  legalize: instructionAddress,
});

/** Why the guest exited: `hu_er`. */
export const ucause = defineCsr({
  name: 'ucause',
  address: 0x042,
  extension: 'dv',
  description: 'Exit reason',
  spec: 'duvisor 3',
  access: exitHandlerAccess,
  fields: { interrupt: causeFields.interrupt, code: bits(4, 0, 'any') },
});

/** Value that explains the exit: `hu_einfo`, first part. */
export const utval = defineCsr({
  name: 'utval',
  address: 0x043,
  extension: 'dv',
  description: 'Exit value',
  spec: 'duvisor 3',
  access: exitHandlerAccess,
  fields: wholeWord,
});

/** Read-only view of the pending user interrupts. */
export const uip = defineCsr({
  name: 'uip',
  address: 0x044,
  extension: 'dv',
  description: 'User interrupt pending',
  spec: 'duvisor 3',
  storage: { aliasOf: mip },
  present: ({ dv }) => dv?.userViews === 'present',
  access: exitHandlerAccess,
  fields: userBits('ignored'),
});

/** All DV-Ext CSRs that are registers of their own: delegation, VM id, posting and what an exit leaves. */
export const dvExtCsrs = [
  sedeleg,
  sideleg,
  hVmid,
  ...postingCsrs,
  ustatus,
  uie,
  utvec,
  uscratch,
  uepc,
  ucause,
  utval,
  uip,
];
