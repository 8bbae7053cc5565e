import { hstatus } from '../csr/hypervisor.ts';
import { mstatus } from '../csr/machine.ts';
import { load, perform, store, write } from '../semantics/index.ts';
import { ifSet, unlessSet, type Guard } from './guard.ts';
import { rocketFence } from './hypervisor.ts';
import { defineInstruction } from './instruction.ts';

const refusedToGuests = { VU: 'virtual', VS: 'virtual' } as const;

/** U mode while the host enables DV-Ext (`h_enable`), and the levels above it. */
const enabled: Guard = { ...refusedToGuests, U: unlessSet(hstatus, 'hu', 'illegal') };

/** A hart without DV-Ext refuses its encodings to everybody. */
const absent: Guard = { ...refusedToGuests, U: 'illegal', HS: 'illegal', M: 'illegal' };

/** QEMU has these in U mode only, and tests no enable. */
const userOnly: Guard = { VU: 'illegal', VS: 'illegal', HS: 'illegal', M: 'illegal' };

const trapReturnOnRocket = ifSet(mstatus, 'tsr', 'illegal');

const accessGuards = { paper: enabled, rtl: enabled, qemu: enabled, none: absent };
const fenceGuards = { paper: enabled, rtl: rocketFence, qemu: userOnly, none: absent };

const loading = {
  extension: 'dv',
  syntax: 'rd, (rs1)',
  timing: 'load',
  guardByProfile: accessGuards,
  spec: 'duvisor 2.5',
} as const;
const storing = {
  extension: 'dv',
  syntax: 'rs2, (rs1)',
  timing: 'store',
  guardByProfile: accessGuards,
  spec: 'duvisor 2.5',
} as const;
const fencing = {
  extension: 'dv',
  syntax: 'rs1, rs2',
  timing: 'translationFence',
  guardByProfile: fenceGuards,
  spec: 'duvisor 2.4',
} as const;

/** Entry to a guest, and the fences of a user-mode hypervisor (the paper's HUFLUSHGPA is `hufence.gvma`). */
export const delegationInstructions = [
  defineInstruction({
    name: 'huret',
    extension: 'dv',
    encoding: '0000000 00010 00000 000 00000 1110011',
    syntax: '',
    timing: 'trapReturn',
    guardByProfile: {
      paper: { ...enabled, HS: 'illegal', M: 'illegal' },
      rtl: { ...refusedToGuests, U: trapReturnOnRocket, HS: trapReturnOnRocket },
      qemu: userOnly,
      none: absent,
    },
    semantics: () => [perform('huret')],
    spec: 'duvisor 2.3',
  }),
  defineInstruction({
    ...fencing,
    name: 'hufence.vvma',
    encoding: '1010001 rs2 rs1 000 00000 1110011',
    semantics: ({ rs1, rs2 }) => [perform('hufenceVvma', rs1, rs2)],
  }),
  defineInstruction({
    ...fencing,
    name: 'hufence.gvma',
    encoding: '1110001 rs2 rs1 000 00000 1110011',
    semantics: ({ rs1, rs2 }) => [perform('hufenceGvma', rs1, rs2)],
  }),
] as const;

/** Loads and stores that a user-mode hypervisor makes as its guest would. */
export const delegatedAccessInstructions = [
  defineInstruction({
    ...loading,
    name: 'hulv.b',
    encoding: '1110000 00000 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(1, 'signed', rs1, 'guest'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hulv.bu',
    encoding: '1110000 00001 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(1, 'unsigned', rs1, 'guest'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hulv.h',
    encoding: '1110010 00000 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(2, 'signed', rs1, 'guest'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hulv.hu',
    encoding: '1110010 00001 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(2, 'unsigned', rs1, 'guest'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hulvx.hu',
    encoding: '1110010 00011 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(2, 'unsigned', rs1, 'guestExecute'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hulv.w',
    encoding: '1110100 00000 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(4, 'signed', rs1, 'guest'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hulv.wu',
    encoding: '1110100 00001 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(4, 'unsigned', rs1, 'guest'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hulvx.wu',
    encoding: '1110100 00011 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(4, 'unsigned', rs1, 'guestExecute'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hulv.d',
    encoding: '1110110 00000 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(8, 'unsigned', rs1, 'guest'))],
  }),
  defineInstruction({
    ...storing,
    name: 'husv.b',
    encoding: '1110001 rs2 rs1 100 00000 1110011',
    semantics: ({ rs1, rs2 }) => [store(1, rs1, rs2, 'guest')],
  }),
  defineInstruction({
    ...storing,
    name: 'husv.h',
    encoding: '1110011 rs2 rs1 100 00000 1110011',
    semantics: ({ rs1, rs2 }) => [store(2, rs1, rs2, 'guest')],
  }),
  defineInstruction({
    ...storing,
    name: 'husv.w',
    encoding: '1110101 rs2 rs1 100 00000 1110011',
    semantics: ({ rs1, rs2 }) => [store(4, rs1, rs2, 'guest')],
  }),
  defineInstruction({
    ...storing,
    name: 'husv.d',
    encoding: '1110111 rs2 rs1 100 00000 1110011',
    semantics: ({ rs1, rs2 }) => [store(8, rs1, rs2, 'guest')],
  }),
] as const;
