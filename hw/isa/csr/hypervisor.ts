import { bitsOf, Cause, Interrupt, VS_INTERRUPTS } from '../cause.ts';
import { ifSet } from '../instructions/guard.ts';
import { bit, bits, defineCsr } from './csr.ts';
import type { Legalize } from './csr.ts';
import { environmentFields } from './environment-configuration.ts';
import { guestInterruptNumber, lowBits, masked, stage2Mode, vmid, wholeWord } from './legalize.ts';
import { counterEnableFields, menvcfg, mstatus } from './machine.ts';
import { mie, mip } from './machine-interrupts.ts';

/** How the hypervisor confines its guest, and how the last trap into HS left it. */
export const hstatus = defineCsr({
  name: 'hstatus',
  address: 0x600,
  extension: 'h',
  description: 'Hypervisor status',
  spec: 'priv 18.2.1',
  reset: 2n << 32n,
  fields: {
    vsbe: bit(5, 'ignored'),
    gva: bit(6, 'any'),
    spv: bit(7, 'any'),
    spvp: bit(8, 'any'),
    hu: bit(9, 'any'),
    vgein: bits(17, 12, guestInterruptNumber),
    vtvm: bit(20, 'any'),
    vtw: bit(21, 'any'),
    vtsr: bit(22, 'any'),
    vsxl: bits(33, 32, 'ignored'),
  },
  affects: ['translation', 'interrupts'],
});

const guestExceptions = bitsOf(
  Cause.instructionAddressMisaligned,
  Cause.instructionAccessFault,
  Cause.illegalInstruction,
  Cause.breakpoint,
  Cause.loadAddressMisaligned,
  Cause.loadAccessFault,
  Cause.storeAddressMisaligned,
  Cause.storeAccessFault,
  Cause.environmentCallFromU,
  Cause.instructionPageFault,
  Cause.loadPageFault,
  Cause.storePageFault,
  // Nothing here raises these two, but their bits have to be writable.
  Cause.softwareCheck,
  Cause.hardwareError,
);

/** Exceptions of a guest that leave HS for VS. */
export const hedeleg = defineCsr({
  name: 'hedeleg',
  address: 0x602,
  extension: 'h',
  description: 'Hypervisor exception delegation',
  spec: 'priv 18.2.2',
  fields: {
    exceptions: bits(
      63,
      0,
      masked(() => guestExceptions),
    ),
  },
});

/** Interrupts that leave HS for VS. */
export const hideleg = defineCsr({
  name: 'hideleg',
  address: 0x603,
  extension: 'h',
  description: 'Hypervisor interrupt delegation',
  spec: 'priv 18.2.2',
  fields: {
    interrupts: bits(
      63,
      0,
      masked(() => VS_INTERRUPTS),
    ),
  },
  affects: ['interrupts'],
});

/** Enables of the VS-level and guest external interrupts. */
export const hie = defineCsr({
  name: 'hie',
  address: 0x604,
  extension: 'h',
  description: 'Hypervisor interrupt enable',
  spec: 'priv 18.2.3',
  storage: { aliasOf: mie },
  fields: {
    vssie: mie.fields.vssie,
    vstie: mie.fields.vstie,
    vseie: mie.fields.vseie,
    sgeie: mie.fields.sgeie,
  },
});

/** What a guest's clock is ahead of `time`. */
export const htimedelta = defineCsr({
  name: 'htimedelta',
  address: 0x605,
  extension: 'h',
  description: 'Hypervisor time delta',
  spec: 'priv 18.2.7',
  present: ({ dv }) => dv?.guestTime !== 'raw',
  fields: wholeWord,
  affects: ['timer', 'interrupts'],
});

/** Counters that a guest may read. */
export const hcounteren = defineCsr({
  name: 'hcounteren',
  address: 0x606,
  extension: 'h',
  description: 'Hypervisor counter enable',
  spec: 'priv 18.2.6',
  fields: counterEnableFields,
});

/** Bits of the guest external interrupts that exist; number 0 never does. */
const guestInterrupts = masked(({ guestInterruptCount }) => lowBits(guestInterruptCount + 1) & ~1n);

/** Enables of the guest external interrupts. */
export const hgeie = defineCsr({
  name: 'hgeie',
  address: 0x607,
  extension: 'h',
  description: 'Hypervisor guest external interrupt enable',
  spec: 'priv 18.2.4',
  fields: { interrupts: bits(63, 0, guestInterrupts) },
  affects: ['interrupts'],
});

/** Features that `henvcfg` can hand on to a guest only while `menvcfg` hands them to HS (priv 3.1.18). */
const handedOn = menvcfg.fields.adue.mask | menvcfg.fields.stce.mask;

function whileHanded(field: { readonly mask: bigint; readonly low: number }): Legalize {
  return (proposed, _current, { read }) =>
    proposed & ((read(menvcfg) & field.mask) >> BigInt(field.low));
}

/** Environment configuration of a guest. */
export const henvcfg = defineCsr({
  name: 'henvcfg',
  address: 0x60a,
  extension: 'h',
  description: 'Hypervisor environment configuration',
  spec: 'priv 18.2.5',
  fields: {
    ...environmentFields,
    adue: bit(61, whileHanded(menvcfg.fields.adue)),
    stce: bit(63, whileHanded(menvcfg.fields.stce)),
  },
  shows: (stored, { read }) => stored & (read(menvcfg) | ~handedOn),
  affects: ['timer', 'interrupts', 'translation'],
});

/** The guest physical address, shifted down by 2, behind a trap to HS. */
export const htval = defineCsr({
  name: 'htval',
  address: 0x643,
  extension: 'h',
  description: 'Hypervisor trap value',
  spec: 'priv 18.2.8',
  fields: wholeWord,
});

/** Pending VS-level and guest external interrupts. */
export const hip = defineCsr({
  name: 'hip',
  address: 0x644,
  extension: 'h',
  description: 'Hypervisor interrupt pending',
  spec: 'priv 18.2.3',
  storage: { aliasOf: mip },
  sticky: true,
  fields: {
    vssip: mip.fields.vssip,
    vstip: bit(Interrupt.vstip, 'ignored'),
    vseip: bit(Interrupt.vseip, 'ignored'),
    sgeip: bit(Interrupt.sgei, 'ignored'),
  },
});

/** VS-level interrupts that the hypervisor injects. */
export const hvip = defineCsr({
  name: 'hvip',
  address: 0x645,
  extension: 'h',
  description: 'Hypervisor virtual interrupt pending',
  spec: 'priv 18.2.3',
  storage: { aliasOf: mip, stored: true },
  fields: {
    vssip: bit(Interrupt.vssip, 'any'),
    vstip: bit(Interrupt.vstip, 'any'),
    vseip: bit(Interrupt.vseip, (proposed, current, { features }) =>
      features.dv?.vseip === 'read-only' ? current : proposed,
    ),
  },
});

/** The instruction behind a trap to HS that concerns a guest. */
export const htinst = defineCsr({
  name: 'htinst',
  address: 0x64a,
  extension: 'h',
  description: 'Hypervisor trap instruction',
  spec: 'priv 18.2.9',
  fields: wholeWord,
});

/** Root of the guest's stage-2 table. */
export const hgatp = defineCsr({
  name: 'hgatp',
  address: 0x680,
  extension: 'h',
  description: 'Hypervisor guest address translation and protection',
  spec: 'priv 18.2.10',
  access: { HS: ifSet(mstatus, 'tvm', 'illegal') },
  fields: {
    mode: bits(63, 60, stage2Mode),
    vmid: bits(57, 44, vmid),
    // The root is four pages and aligned to them.
    ppn: bits(
      43,
      0,
      masked(() => ~3n),
    ),
  },
  affects: ['translation'],
});

/** Guest external interrupts whose lines are raised. */
export const hgeip = defineCsr({
  name: 'hgeip',
  address: 0xe12,
  extension: 'h',
  description: 'Hypervisor guest external interrupt pending',
  spec: 'priv 18.2.4',
  storage: 'constant',
  fields: { interrupts: bits(63, 0, 'ignored') },
  live: 'guestExternal',
});

/** All hypervisor-level CSRs. */
export const hypervisorCsrs = [
  hstatus,
  hedeleg,
  hideleg,
  hie,
  htimedelta,
  hcounteren,
  hgeie,
  henvcfg,
  htval,
  hip,
  hvip,
  htinst,
  hgatp,
  hgeip,
];
