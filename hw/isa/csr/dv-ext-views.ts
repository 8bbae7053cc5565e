import { Interrupt, VS_INTERRUPTS } from '../cause.ts';
import { bit, bits, defineCsr } from './csr.ts';
import type { Csr, CsrContext, CsrField, Legalize } from './csr.ts';
import { sideleg } from './dv-ext.ts';
import type { CsrFeatures, DvCsrRules } from './features.ts';
import { ALL, exitHandlerAccess, guestStateAccess, ruled, userBits } from './dv-ext-rules.ts';
import { hcounteren, hgatp, hstatus, htimedelta, htinst, htval } from './hypervisor.ts';
import { guestInterruptNumber, handlerInterrupts, masked, wholeWord } from './legalize.ts';
import { counterEnableFields } from './machine.ts';
import { mie, mip } from './machine-interrupts.ts';
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
  const all = handlerInterrupts(features.dv);
  const isLimited = features.dv?.userInterrupts === 'delegated';
  return VS_INTERRUPTS | (isLimited ? all & read(sideleg) : all);
}

/** Interrupts that can be injected: those of VS level, and on the QEMU fork those of HU (duvisor 1.6). */
function injectable({ features: { dv } }: CsrContext): bigint {
  return VS_INTERRUPTS | (dv?.userInterrupts === 'fork-masks' ? handlerInterrupts(dv) : 0n);
}

/** What `huip` takes of a write: on the QEMU fork what `sideleg` delegates, interrupts of VS level among them. */
const pendingWrite: Legalize = (proposed, current, { features, read }) => {
  if (features.dv?.userInterrupts !== 'fork-masks') return proposed;
  const delegated = read(sideleg);
  return (proposed & delegated) | (current & ~delegated);
};

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
    uvtie: bit(Interrupt.uvtip, 'any'),
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

/** VSEIP belongs to the interrupt controller, but on the QEMU fork. */
function whileInjectable(
  proposed: bigint,
  current: bigint,
  { features: { dv } }: CsrContext,
): bigint {
  return dv?.userInterrupts === 'fork-masks' ? proposed : current;
}

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
  legalize: pendingWrite,
  fields: {
    ...userBits('any'),
    ...vsBits,
    vseip: bit(Interrupt.vseip, whileInjectable),
    uvtip: bit(Interrupt.uvtip, 'any'),
  },
});

/** VS-level interrupts that the exit handler injects; on the QEMU fork its own, too. */
export const huvip = defineCsr({
  name: 'huvip',
  address: 0x845,
  extension: 'dv',
  description: 'Exit handler virtual interrupt pending',
  spec: 'duvisor 3',
  storage: { aliasOf: mip, stored: true, gate: injectable },
  access: exitHandlerAccess,
  fields: {
    ...userBits('any'),
    ...vsBits,
    vseip: bit(Interrupt.vseip, (proposed, current, context) =>
      context.features.dv?.vseip === 'writable'
        ? proposed
        : whileInjectable(proposed, current, context),
    ),
    uvtip: bit(Interrupt.uvtip, 'any'),
  },
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
    mode: hgatp.fields.mode,
    // Assigned by the kernel.
    vmid: bits(57, 44, 'ignored'),
    ppn: hgatp.fields.ppn,
  },
  affects: ['translation'],
});

interface Replacement {
  readonly replaced: Csr;
  readonly by: Csr;
  /** The fields that are replaced. */
  readonly fields: ReadonlySet<string>;
  readonly holds: (dv: DvCsrRules) => boolean;
}

/** Fields by which a hypervisor confines guests, where the exit handler's register has them instead (duvisor 1.6). */
const replacements: readonly Replacement[] = [
  {
    replaced: hstatus,
    by: hustatus,
    fields: new Set(['vtvm', 'vtsr']),
    holds: (dv) => dv.hustatus === 'separate',
  },
  {
    replaced: hcounteren,
    by: hucounteren,
    fields: new Set(Object.keys(counterEnableFields)),
    holds: (dv) => dv.views === 'separate',
  },
];

/** The register in which a hart finds a field that a guard looks at. */
export function consulted(csr: Csr, field: string, { dv }: CsrFeatures): Csr {
  if (dv === undefined) return csr;
  const found = replacements.find(
    ({ replaced, fields, holds }) => replaced === csr && fields.has(field) && holds(dv),
  );
  return found?.by ?? csr;
}

/** All DV-Ext CSRs that are views of hypervisor and guest registers. */
export const dvExtViews = [
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
