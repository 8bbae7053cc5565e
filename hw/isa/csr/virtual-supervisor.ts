import { Interrupt } from '../cause.ts';
import { ifSet, inOrder, unlessSet } from '../instructions/guard.ts';
import { bit, bits, defineCsr } from './csr.ts';
import { dirtySummary, withFloat } from './float-status.ts';
import { hideleg } from './hypervisor.ts';
import {
  asid,
  causeFields,
  instructionAddress,
  lowBits,
  stage1Mode,
  supportedStage1,
  trapVector,
  trapVectorFields,
  wholeWord,
} from './legalize.ts';
import { mcounteren, menvcfg } from './machine.ts';
import { mie, mip } from './machine-interrupts.ts';

/** Fields of `sstatus` and `vsstatus`. */
export const supervisorStatusFields = {
  sie: bit(1, 'any'),
  spie: bit(5, 'any'),
  ube: bit(6, 'ignored'),
  spp: bit(8, 'any'),
  vs: bits(10, 9, 'ignored'),
  fs: bits(14, 13, withFloat),
  xs: bits(16, 15, 'ignored'),
  sum: bit(18, 'any'),
  mxr: bit(19, 'any'),
  uxl: bits(33, 32, 'ignored'),
  sd: bit(63, 'any'),
} as const;

/** Status of the guest's supervisor. */
export const vsstatus = defineCsr({
  name: 'vsstatus',
  address: 0x200,
  extension: 'h',
  description: 'Virtual supervisor status',
  spec: 'priv 18.2.11',
  reset: 2n << 32n,
  fields: supervisorStatusFields,
  legalize: dirtySummary,
  affects: ['translation', 'interrupts'],
});

/** Interrupt enables of the guest's supervisor: those of VS level that `hideleg` hands to it. */
export const vsie = defineCsr({
  name: 'vsie',
  address: 0x204,
  extension: 'h',
  description: 'Virtual supervisor interrupt enable',
  spec: 'priv 18.2.12',
  storage: { aliasOf: mie, shift: 1, gate: ({ read }) => read(hideleg) },
  fields: {
    ssie: bit(Interrupt.ssip, 'any'),
    stie: bit(Interrupt.stip, 'any'),
    seie: bit(Interrupt.seip, 'any'),
  },
});

/** Trap vector of the guest's supervisor. */
export const vstvec = defineCsr({
  name: 'vstvec',
  address: 0x205,
  extension: 'h',
  description: 'Virtual supervisor trap vector',
  spec: 'priv 18.2.13',
  fields: trapVectorFields,
  legalize: trapVector,
});

/** Scratch register of the guest's supervisor. */
export const vsscratch = defineCsr({
  name: 'vsscratch',
  address: 0x240,
  extension: 'h',
  description: 'Virtual supervisor scratch',
  spec: 'priv 18.2.14',
  fields: wholeWord,
});

/** Where a trap to VS came from. */
export const vsepc = defineCsr({
  name: 'vsepc',
  address: 0x241,
  extension: 'h',
  description: 'Virtual supervisor exception program counter',
  spec: 'priv 18.2.15',
  fields: wholeWord,
  legalize: instructionAddress,
});

/** Why a trap to VS was taken. */
export const vscause = defineCsr({
  name: 'vscause',
  address: 0x242,
  extension: 'h',
  description: 'Virtual supervisor trap cause',
  spec: 'priv 18.2.16',
  fields: causeFields,
});

/** Value that explains a trap to VS. */
export const vstval = defineCsr({
  name: 'vstval',
  address: 0x243,
  extension: 'h',
  description: 'Virtual supervisor trap value',
  spec: 'priv 18.2.17',
  fields: wholeWord,
});

/** Pending interrupts of the guest's supervisor. */
export const vsip = defineCsr({
  name: 'vsip',
  address: 0x244,
  extension: 'h',
  description: 'Virtual supervisor interrupt pending',
  spec: 'priv 18.2.12',
  storage: { aliasOf: mip, shift: 1, gate: ({ read }) => read(hideleg) },
  sticky: true,
  fields: {
    ssip: bit(Interrupt.ssip, 'any'),
    stip: bit(Interrupt.stip, 'ignored'),
    seip: bit(Interrupt.seip, 'ignored'),
  },
});

/** Fields of `satp` and `vsatp`. */
export const stage1Fields = {
  mode: bits(63, 60, stage1Mode),
  asid: bits(59, 44, asid),
  ppn: bits(43, 0, 'any'),
} as const;

/** Root of the guest's own page table. */
export const vsatp = defineCsr({
  name: 'vsatp',
  address: 0x280,
  extension: 'h',
  description: 'Virtual supervisor address translation and protection',
  spec: 'priv 18.2.18',
  fields: stage1Fields,
  legalize: supportedStage1,
  affects: ['translation'],
});

/** What every access to a supervisor timer below M needs (priv 3.1.11, priv 3.1.18). */
const timerEnabled = inOrder(
  unlessSet(mcounteren, 'tm', 'illegal'),
  unlessSet(menvcfg, 'stce', 'illegal'),
);

/** Who reaches the timers of Sstc; a guest is refused as a guest only where HS would be let in (priv 18.6.1). */
export const timerAccess = {
  HS: timerEnabled,
  VS: inOrder(timerEnabled, ifSet(menvcfg, 'stce', 'virtual')),
  VU: inOrder(timerEnabled, ifSet(menvcfg, 'stce', 'virtual')),
} as const;

/** When the guest's timer expires, in the guest's time. */
export const vstimecmp = defineCsr({
  name: 'vstimecmp',
  address: 0x24d,
  extension: 'h',
  description: 'Virtual supervisor timer compare',
  spec: 'priv 15.2.1',
  present: ({ named }) => named.has('sstc'),
  reset: lowBits(64),
  access: timerAccess,
  fields: wholeWord,
  affects: ['guestTimerCompare', 'timer', 'interrupts'],
});

/** All virtual-supervisor CSRs. */
export const virtualSupervisorCsrs = [
  vsstatus,
  vsie,
  vstvec,
  vsscratch,
  vsepc,
  vscause,
  vstval,
  vsip,
  vsatp,
  vstimecmp,
];
