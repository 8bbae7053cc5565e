import { Interrupt } from '../cause.ts';
import { ifSet } from '../instructions/guard.ts';
import { bit, defineCsr } from './csr.ts';
import { environmentFields } from './environment-configuration.ts';
import { dirtySummary } from './float-status.ts';
import { hstatus } from './hypervisor.ts';
import {
  causeFields,
  instructionAddress,
  supportedStage1,
  trapVector,
  trapVectorFields,
  wholeWord,
  withDv,
} from './legalize.ts';
import { counterEnableFields, mstatus } from './machine.ts';
import { mideleg, mie, mip } from './machine-interrupts.ts';
import {
  stage1Fields,
  supervisorStatusFields,
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

/** The part of `mstatus` that S sees. */
export const sstatus = defineCsr({
  name: 'sstatus',
  address: 0x100,
  extension: 's',
  description: 'Supervisor status',
  spec: 'priv 10.1.1',
  storage: { aliasOf: mstatus },
  fields: supervisorStatusFields,
  legalize: dirtySummary,
  virtual: vsstatus,
});

/** Enables of the interrupts delegated to S, without those of VS level. */
export const sie = defineCsr({
  name: 'sie',
  address: 0x104,
  extension: 's',
  description: 'Supervisor interrupt enable',
  spec: 'priv 10.1.3',
  storage: { aliasOf: mie, gate: ({ read }) => read(mideleg) },
  fields: {
    usie: mie.fields.usie,
    ssie: mie.fields.ssie,
    utie: mie.fields.utie,
    stie: mie.fields.stie,
    ueie: mie.fields.ueie,
    seie: mie.fields.seie,
  },
  virtual: vsie,
});

/** Trap vector of S. */
export const stvec = defineCsr({
  name: 'stvec',
  address: 0x105,
  extension: 's',
  description: 'Supervisor trap vector',
  spec: 'priv 10.1.2',
  fields: trapVectorFields,
  legalize: trapVector,
  virtual: vstvec,
});

/** Counters that U may read. */
export const scounteren = defineCsr({
  name: 'scounteren',
  address: 0x106,
  extension: 's',
  description: 'Supervisor counter enable',
  spec: 'priv 10.1.5',
  fields: counterEnableFields,
});

/** Environment configuration for U. */
export const senvcfg = defineCsr({
  name: 'senvcfg',
  address: 0x10a,
  extension: 's',
  description: 'Supervisor environment configuration',
  spec: 'priv 10.1.10',
  fields: environmentFields,
});

/** Scratch register of S. */
export const sscratch = defineCsr({
  name: 'sscratch',
  address: 0x140,
  extension: 's',
  description: 'Supervisor scratch',
  spec: 'priv 10.1.6',
  fields: wholeWord,
  virtual: vsscratch,
});

/** Where a trap to S came from. */
export const sepc = defineCsr({
  name: 'sepc',
  address: 0x141,
  extension: 's',
  description: 'Supervisor exception program counter',
  spec: 'priv 10.1.7',
  fields: wholeWord,
  legalize: instructionAddress,
  virtual: vsepc,
});

/** Why a trap to S was taken. */
export const scause = defineCsr({
  name: 'scause',
  address: 0x142,
  extension: 's',
  description: 'Supervisor trap cause',
  spec: 'priv 10.1.8',
  fields: causeFields,
  virtual: vscause,
});

/** Value that explains a trap to S. */
export const stval = defineCsr({
  name: 'stval',
  address: 0x143,
  extension: 's',
  description: 'Supervisor trap value',
  spec: 'priv 10.1.9',
  fields: wholeWord,
  virtual: vstval,
});

/** Pending interrupts delegated to S, without those of VS level. */
export const sip = defineCsr({
  name: 'sip',
  address: 0x144,
  extension: 's',
  description: 'Supervisor interrupt pending',
  spec: 'priv 10.1.3',
  storage: { aliasOf: mip, gate: ({ read }) => read(mideleg) },
  fields: {
    usip: bit(Interrupt.usip, withDv),
    ssip: bit(Interrupt.ssip, 'any'),
    utip: bit(Interrupt.utip, withDv),
    stip: bit(Interrupt.stip, 'ignored'),
    ueip: bit(Interrupt.ueip, withDv),
    seip: bit(Interrupt.seip, 'ignored'),
  },
  virtual: vsip,
});

/** Root of the page table of S and U. */
export const satp = defineCsr({
  name: 'satp',
  address: 0x180,
  extension: 's',
  description: 'Supervisor address translation and protection',
  spec: 'priv 10.1.11',
  access: {
    HS: ifSet(mstatus, 'tvm', 'illegal'),
    VS: ifSet(hstatus, 'vtvm', 'virtual'),
  },
  fields: stage1Fields,
  legalize: supportedStage1,
  virtual: vsatp,
  affects: ['translation'],
});

/** All supervisor CSRs. */
export const supervisorCsrs = [
  sstatus,
  sie,
  stvec,
  scounteren,
  senvcfg,
  sscratch,
  sepc,
  scause,
  stval,
  sip,
  satp,
];
