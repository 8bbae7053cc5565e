import { hstatus } from '../csr/hypervisor.ts';
import { perform, system, write } from '../semantics/index.ts';
import { type Guard, unlessSet } from './guard.ts';
import { defineInstruction } from './instruction.ts';

/** Outside the prototype, whose core asks nobody: the exit handler and the guest's supervisor, as for `hu_vitr`. */
const handlerAndGuest: Guard = {
  U: unlessSet(hstatus, 'hu', 'illegal'),
  VS: unlessSet(hstatus, 'hu', 'virtual'),
  VU: 'virtual',
};

const guardByProfile = {
  paper: handlerAndGuest,
  rtl: {},
  qemu: handlerAndGuest,
  none: handlerAndGuest,
} as const;

const guestTimer = { extension: 'dv-timer', guardByProfile, spec: 'duvisor 2.2' } as const;
const virtualIpi = { extension: 'dv-vipi', guardByProfile, spec: 'duvisor 2.2' } as const;

/**
 * The prototype's opcode 0x77: accesses of 8 bytes to its core-local interruptor, at addresses that the core makes from
 * bits 29:27 of the instruction, with M's rights in every mode. `cvipiN` takes the complement of the bits to clear.
 */
export const coreLocalInstructions = [
  defineInstruction({
    ...guestTimer,
    name: 'rdvtimecmp',
    encoding: '1110000 00001 00000 010 rd 1110111',
    syntax: 'rd',
    timing: 'load',
    semantics: ({ rd }) => [write(rd, system('coreLocalLoad'))],
  }),
  defineInstruction({
    ...guestTimer,
    name: 'wrvtimecmp',
    encoding: '1110000 rs2 00000 001 00000 1110111',
    syntax: 'rs2',
    timing: 'store',
    semantics: ({ rs2 }) => [perform('coreLocalStore', rs2)],
  }),
  defineInstruction({
    ...guestTimer,
    name: 'rdvtimectl',
    encoding: '1111000 00010 00000 010 rd 1110111',
    syntax: 'rd',
    timing: 'load',
    semantics: ({ rd }) => [write(rd, system('coreLocalLoad'))],
  }),
  defineInstruction({
    ...guestTimer,
    name: 'wrvtimectl',
    encoding: '1111000 rs2 00000 001 00000 1110111',
    syntax: 'rs2',
    timing: 'store',
    semantics: ({ rs2 }) => [perform('coreLocalStore', rs2)],
  }),
  defineInstruction({
    ...virtualIpi,
    name: 'rvipi0',
    encoding: '1100100 00001 00000 001 rd 1110111',
    syntax: 'rd',
    timing: 'load',
    semantics: ({ rd }) => [write(rd, system('coreLocalLoad'))],
  }),
  defineInstruction({
    ...virtualIpi,
    name: 'cvipi0',
    encoding: '1100100 rs2 00000 010 00000 1110111',
    syntax: 'rs2',
    timing: 'atomic',
    semantics: ({ rs2 }) => [perform('coreLocalAnd', rs2)],
  }),
  defineInstruction({
    ...virtualIpi,
    name: 'svipi0',
    encoding: '1100100 rs2 00000 011 00000 1110111',
    syntax: 'rs2',
    timing: 'atomic',
    semantics: ({ rs2 }) => [perform('coreLocalOr', rs2)],
  }),
  defineInstruction({
    ...virtualIpi,
    name: 'rvipi1',
    encoding: '1101000 00001 00000 001 rd 1110111',
    syntax: 'rd',
    timing: 'load',
    semantics: ({ rd }) => [write(rd, system('coreLocalLoad'))],
  }),
  defineInstruction({
    ...virtualIpi,
    name: 'cvipi1',
    encoding: '1101000 rs2 00000 010 00000 1110111',
    syntax: 'rs2',
    timing: 'atomic',
    semantics: ({ rs2 }) => [perform('coreLocalAnd', rs2)],
  }),
  defineInstruction({
    ...virtualIpi,
    name: 'svipi1',
    encoding: '1101000 rs2 00000 011 00000 1110111',
    syntax: 'rs2',
    timing: 'atomic',
    semantics: ({ rs2 }) => [perform('coreLocalOr', rs2)],
  }),
  defineInstruction({
    ...virtualIpi,
    name: 'rvipi2',
    encoding: '1101100 00001 00000 001 rd 1110111',
    syntax: 'rd',
    timing: 'load',
    semantics: ({ rd }) => [write(rd, system('coreLocalLoad'))],
  }),
  defineInstruction({
    ...virtualIpi,
    name: 'cvipi2',
    encoding: '1101100 rs2 00000 010 00000 1110111',
    syntax: 'rs2',
    timing: 'atomic',
    semantics: ({ rs2 }) => [perform('coreLocalAnd', rs2)],
  }),
  defineInstruction({
    ...virtualIpi,
    name: 'svipi2',
    encoding: '1101100 rs2 00000 011 00000 1110111',
    syntax: 'rs2',
    timing: 'atomic',
    semantics: ({ rs2 }) => [perform('coreLocalOr', rs2)],
  }),
  defineInstruction({
    ...virtualIpi,
    name: 'rvipi3',
    encoding: '1110100 00001 00000 001 rd 1110111',
    syntax: 'rd',
    timing: 'load',
    semantics: ({ rd }) => [write(rd, system('coreLocalLoad'))],
  }),
  defineInstruction({
    ...virtualIpi,
    name: 'cvipi3',
    encoding: '1110100 rs2 00000 010 00000 1110111',
    syntax: 'rs2',
    timing: 'atomic',
    semantics: ({ rs2 }) => [perform('coreLocalAnd', rs2)],
  }),
  defineInstruction({
    ...virtualIpi,
    name: 'svipi3',
    encoding: '1110100 rs2 00000 011 00000 1110111',
    syntax: 'rs2',
    timing: 'atomic',
    semantics: ({ rs2 }) => [perform('coreLocalOr', rs2)],
  }),
  defineInstruction({
    ...virtualIpi,
    name: 'rdvcpuid',
    encoding: '1111100 00001 00000 010 rd 1110111',
    syntax: 'rd',
    timing: 'load',
    semantics: ({ rd }) => [write(rd, system('coreLocalLoad'))],
  }),
  defineInstruction({
    ...virtualIpi,
    name: 'wrvcpuid',
    encoding: '1111100 rs2 00000 001 00000 1110111',
    syntax: 'rs2',
    timing: 'store',
    semantics: ({ rs2 }) => [perform('coreLocalStore', rs2)],
  }),
] as const;
