import { bitsOf, Cause, HU_INTERRUPTS, Interrupt, VS_INTERRUPTS } from '../cause.ts';
import { unlessSet } from '../instructions/guard.ts';
import type { Guard } from '../instructions/guard.ts';
import { Stage2Mode } from '../translation.ts';
import { bit, bits, defineCsr } from './csr.ts';
import type { Csr, CsrContext, CsrField } from './csr.ts';
import type { CsrFeatures, DvCsrRules } from './features.ts';
import { hcounteren, hgatp, hstatus, htimedelta, htinst, htval, hvip } from './hypervisor.ts';
import {
  causeFields,
  guestInterruptNumber,
  instructionAddress,
  lowBits,
  masked,
  trapVector,
  trapVectorFields,
  wholeWord,
} from './legalize.ts';
import { counterEnableFields, mie, mip } from './machine.ts';
import {
  vsatp,
  vscause,
  vsepc,
  vsie,
  vsip,
  vsscratch,
  vsstatus,
  vstval,
  vstvec,
} from './virtual-supervisor.ts';

const ALL = lowBits(64);

function ruled<Value>(rule: (dv: DvCsrRules) => Value, otherwise: Value) {
  return ({ dv }: CsrFeatures): Value => (dv === undefined ? otherwise : rule(dv));
}

/** Who reaches the registers of an exit handler: HU, which `hstatus.HU` makes of U, and never a guest (duvisor 3). */
export function exitHandlerAccess({ dv }: CsrFeatures): Guard {
  if (dv?.access === 'open') return { U: [], VS: [], VU: [] };
  return { U: unlessSet(hstatus, 'hu', 'illegal'), VS: 'virtual', VU: 'virtual' };
}

/** The same for the HUVS views, which the QEMU fork forgets to guard. */
function guestStateAccess(features: CsrFeatures): Guard {
  if (features.dv?.access === 'predicates') return { U: [], VS: [], VU: [] };
  return exitHandlerAccess(features);
}

/** Delegation to HU and the VM id: the kernel's; only the prototypes let a guest's kernel at them. */
function delegationAccess({ dv }: CsrFeatures): Guard {
  return dv === undefined || dv.access === 'enabled' ? { VS: 'virtual' } : {};
}

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
      masked(ruled((dv) => (dv.sedeleg === 'any' ? ALL : HU_INTERRUPTS), 0n)),
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
  affects: ['translation'],
});

const userInterrupts = {
  usip: Interrupt.usip,
  utip: Interrupt.utip,
  ueip: Interrupt.ueip,
} as const;

function userBits(write: CsrField['write']) {
  return {
    usip: bit(userInterrupts.usip, write),
    utip: bit(userInterrupts.utip, write),
    ueip: bit(userInterrupts.ueip, write),
  } as const;
}

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

function guestState<Fields extends Readonly<Record<string, CsrField>>>(
  target: Csr<Fields>,
  address: number,
): Csr<Fields> {
  return defineCsr({
    name: `hu${target.name}`,
    address,
    extension: 'dv',
    description: `${target.description}, for the exit handler`,
    spec: 'duvisor 3',
    storage: { aliasOf: target },
    access: guestStateAccess,
    fields: target.fields,
    ...(target.legalize === undefined ? {} : { legalize: target.legalize }),
    ...(target.sticky === undefined ? {} : { sticky: target.sticky }),
  });
}

/** The guest's supervisor registers under the addresses that an exit handler reaches: HUVS views. */
export const guestStateViews = [
  guestState(vsstatus, 0x400),
  guestState(vsie, 0x404),
  guestState(vstvec, 0x405),
  guestState(vsscratch, 0x440),
  guestState(vsepc, 0x441),
  guestState(vscause, 0x442),
  guestState(vstval, 0x443),
  guestState(vsip, 0x444),
  guestState(vsatp, 0x480),
] as const;

const hustatusFields = {
  uie: bit(0, 'any'),
  upie: bit(4, 'any'),
  vsbe: bit(5, 'ignored'),
  gva: bit(6, 'any'),
  spv: bit(7, 'any'),
  spvp: bit(8, 'any'),
  hu: bit(9, 'ignored'),
  // Choosing a guest external interrupt is the kernel's business: another VM may own it.
  vgein: bits(17, 12, (proposed, current, context) =>
    context.features.dv?.hustatus === 'split'
      ? current
      : guestInterruptNumber(proposed, current, context),
  ),
  vtvm: bit(20, 'any'),
  vtw: bit(21, 'any'),
  vtsr: bit(22, 'any'),
  vsxl: bits(33, 32, 'ignored'),
} as const;

const { uie: uieBit, upie, gva, spv, spvp } = hustatusFields;
const hustatusOwn = {
  split: uieBit.mask | upie.mask | spv.mask | spvp.mask | gva.mask,
  spv: uieBit.mask | upie.mask | spv.mask,
  separate: ALL,
} as const;

/** How the last exit left the guest, and how its hypervisor confines it. */
export const hustatus = defineCsr({
  name: 'hustatus',
  address: 0x800,
  extension: 'dv',
  description: 'Exit handler status',
  spec: 'duvisor 3',
  storage: {
    aliasOf: hstatus,
    own: ruled((dv) => hustatusOwn[dv.hustatus], ALL),
  },
  reset: ruled((dv) => (dv.hustatus === 'separate' ? 2n << 32n : 0n), 0n),
  access: exitHandlerAccess,
  fields: hustatusFields,
  affects: ['translation', 'interrupts'],
});

/** Interrupts that the HU views of enables and pending bits reach. */
function reachable({ features, read }: CsrContext): bigint {
  if (features.dv?.userInterrupts === 'all') return VS_INTERRUPTS | HU_INTERRUPTS;
  return VS_INTERRUPTS | (HU_INTERRUPTS & read(sideleg));
}

/** Enables of the VS-level interrupts and of those delegated to HU. */
export const huie = defineCsr({
  name: 'huie',
  address: 0x804,
  extension: 'dv',
  description: 'Exit handler interrupt enable',
  spec: 'duvisor 3',
  storage: { aliasOf: mie, gate: reachable },
  access: exitHandlerAccess,
  fields: {
    usie: bit(Interrupt.usip, 'any'),
    vssie: bit(Interrupt.vssip, 'any'),
    utie: bit(Interrupt.utip, 'any'),
    vstie: bit(Interrupt.vstip, 'any'),
    ueie: bit(Interrupt.ueip, 'any'),
    vseie: bit(Interrupt.vseip, 'any'),
  },
});

const separateView = ruled((dv) => (dv.views === 'separate' ? ALL : 0n), 0n);

/** What the guest's clock is ahead of `time`, for the exit handler. */
export const hutimedelta = defineCsr({
  name: 'hutimedelta',
  address: 0x805,
  extension: 'dv',
  description: 'Exit handler time delta',
  spec: 'duvisor 3',
  storage: { aliasOf: htimedelta, own: separateView },
  access: exitHandlerAccess,
  fields: wholeWord,
  affects: ['timer', 'interrupts'],
});

/** Counters that the guest may read, for the exit handler. */
export const hucounteren = defineCsr({
  name: 'hucounteren',
  address: 0x806,
  extension: 'dv',
  description: 'Exit handler counter enable',
  spec: 'duvisor 3',
  storage: { aliasOf: hcounteren, own: separateView },
  access: exitHandlerAccess,
  fields: counterEnableFields,
});

const ownExitValue = ruled((dv) => (dv.exitValues === 'own' ? ALL : 0n), 0n);

/** The guest physical address of the exit, shifted down by 2: `hu_einfo`, second part. */
export const hutval = defineCsr({
  name: 'hutval',
  address: 0x843,
  extension: 'dv',
  description: 'Exit guest physical address',
  spec: 'duvisor 3',
  storage: { aliasOf: htval, own: ownExitValue },
  access: exitHandlerAccess,
  fields: wholeWord,
});

const vsBits = {
  vssip: bit(Interrupt.vssip, 'any'),
  vstip: bit(Interrupt.vstip, 'any'),
} as const;

/** Pending VS-level interrupts and those delegated to HU. */
export const huip = defineCsr({
  name: 'huip',
  address: 0x844,
  extension: 'dv',
  description: 'Exit handler interrupt pending',
  spec: 'duvisor 3',
  storage: { aliasOf: mip, gate: reachable },
  access: exitHandlerAccess,
  sticky: true,
  fields: { ...userBits('any'), ...vsBits, vseip: bit(Interrupt.vseip, 'ignored') },
});

/** VS-level interrupts that the exit handler injects. */
export const huvip = defineCsr({
  name: 'huvip',
  address: 0x845,
  extension: 'dv',
  description: 'Exit handler virtual interrupt pending',
  spec: 'duvisor 3',
  storage: { aliasOf: hvip, stored: true },
  access: exitHandlerAccess,
  fields: hvip.fields,
});

/** The instruction behind the exit: `hu_einfo`, third part. */
export const hutinst = defineCsr({
  name: 'hutinst',
  address: 0x84a,
  extension: 'dv',
  description: 'Exit instruction',
  spec: 'duvisor 3',
  storage: { aliasOf: htinst, own: () => ALL },
  present: ({ dv }) => dv?.hutinst !== 'absent',
  access: exitHandlerAccess,
  fields: {
    value: bits(63, 0, masked(ruled((dv) => (dv.hutinst === 'register' ? ALL : 0n), 0n))),
  },
});

/** Root of the guest's stage-2 table, as the exit handler sees it. */
export const hugatp = defineCsr({
  name: 'hugatp',
  address: 0x880,
  extension: 'dv',
  description: 'Exit handler guest address translation and protection',
  spec: 'duvisor 3',
  storage: { aliasOf: hgatp, own: separateView },
  access: exitHandlerAccess,
  writeAccess: ({ dv }) => (dv?.hugatp === 'hs-only' ? { U: 'illegal' } : {}),
  fields: {
    mode: bits(63, 60, [Stage2Mode.bare, Stage2Mode.sv39x4]),
    // Assigned by the kernel.
    vmid: bits(57, 44, 'ignored'),
    ppn: hgatp.fields.ppn,
  },
  affects: ['translation'],
});

/** All CSRs of DV-Ext other than the guest timer's. */
export const dvExtCsrs = [
  sedeleg,
  sideleg,
  hVmid,
  ustatus,
  uie,
  utvec,
  uscratch,
  uepc,
  ucause,
  utval,
  uip,
  ...guestStateViews,
  hustatus,
  huie,
  hutimedelta,
  hucounteren,
  hutval,
  huip,
  huvip,
  hutinst,
  hugatp,
];
