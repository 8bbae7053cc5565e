import { hstatus } from '../csr/hypervisor.ts';
import { mstatus } from '../csr/machine.ts';
import { load, perform, store, write } from '../semantics/index.ts';
import { ifSet, unlessSet, type Guard } from './guard.ts';
import { defineInstruction } from './instruction.ts';

/** U mode has these while the hypervisor lends them to it; a guest never does. */
const guestAccess = {
  U: unlessSet(hstatus, 'hu', 'illegal'),
  VU: 'virtual',
  VS: 'virtual',
} as const;
const loading = {
  extension: 'h',
  syntax: 'rd, (rs1)',
  timing: 'load',
  guard: guestAccess,
  spec: 'priv 18.3.1',
} as const;
const storing = {
  extension: 'h',
  syntax: 'rs2, (rs1)',
  timing: 'store',
  guard: guestAccess,
  spec: 'priv 18.3.1',
} as const;
const fencing = {
  extension: 'h',
  syntax: 'rs1, rs2',
  timing: 'translationFence',
  spec: 'priv 18.3.2',
} as const;

/** Who may fence stage 1 of a guest (priv 18.3.2). */
export const guestStage1Fence: Guard = { U: 'illegal', VU: 'virtual', VS: 'virtual' };

/** Who may fence stage 2 (priv 18.3.2). */
export const guestStage2Fence: Guard = {
  ...guestStage1Fence,
  HS: ifSet(mstatus, 'tvm', 'illegal'),
};

/** Who may fence guest translations on the authors' Rocket: U mode too, since its decoder skips the privilege test. */
export const rocketFence: Guard = { ...guestStage2Fence, U: ifSet(mstatus, 'tvm', 'illegal') };

/** Loads and stores made as the guest would make them. */
export const guestAccessInstructions = [
  defineInstruction({
    ...loading,
    name: 'hlv.b',
    encoding: '0110000 00000 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(1, 'signed', rs1, 'guest'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hlv.bu',
    encoding: '0110000 00001 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(1, 'unsigned', rs1, 'guest'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hlv.h',
    encoding: '0110010 00000 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(2, 'signed', rs1, 'guest'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hlv.hu',
    encoding: '0110010 00001 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(2, 'unsigned', rs1, 'guest'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hlvx.hu',
    encoding: '0110010 00011 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(2, 'unsigned', rs1, 'guestExecute'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hlv.w',
    encoding: '0110100 00000 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(4, 'signed', rs1, 'guest'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hlv.wu',
    encoding: '0110100 00001 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(4, 'unsigned', rs1, 'guest'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hlvx.wu',
    encoding: '0110100 00011 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(4, 'unsigned', rs1, 'guestExecute'))],
  }),
  defineInstruction({
    ...loading,
    name: 'hlv.d',
    encoding: '0110110 00000 rs1 100 rd 1110011',
    semantics: ({ rd, rs1 }) => [write(rd, load(8, 'unsigned', rs1, 'guest'))],
  }),
  defineInstruction({
    ...storing,
    name: 'hsv.b',
    encoding: '0110001 rs2 rs1 100 00000 1110011',
    semantics: ({ rs1, rs2 }) => [store(1, rs1, rs2, 'guest')],
  }),
  defineInstruction({
    ...storing,
    name: 'hsv.h',
    encoding: '0110011 rs2 rs1 100 00000 1110011',
    semantics: ({ rs1, rs2 }) => [store(2, rs1, rs2, 'guest')],
  }),
  defineInstruction({
    ...storing,
    name: 'hsv.w',
    encoding: '0110101 rs2 rs1 100 00000 1110011',
    semantics: ({ rs1, rs2 }) => [store(4, rs1, rs2, 'guest')],
  }),
  defineInstruction({
    ...storing,
    name: 'hsv.d',
    encoding: '0110111 rs2 rs1 100 00000 1110011',
    semantics: ({ rs1, rs2 }) => [store(8, rs1, rs2, 'guest')],
  }),
] as const;

/** Fences for the two stages of a guest's translation. */
export const guestFenceInstructions = [
  defineInstruction({
    ...fencing,
    name: 'hfence.vvma',
    encoding: '0010001 rs2 rs1 000 00000 1110011',
    guardByProfile: {
      paper: guestStage1Fence,
      rtl: rocketFence,
      qemu: guestStage1Fence,
      none: guestStage1Fence,
    },
    semantics: ({ rs1, rs2 }) => [perform('hfenceVvma', rs1, rs2)],
  }),
  defineInstruction({
    ...fencing,
    name: 'hfence.gvma',
    encoding: '0110001 rs2 rs1 000 00000 1110011',
    guardByProfile: {
      paper: guestStage2Fence,
      rtl: rocketFence,
      qemu: guestStage2Fence,
      none: guestStage2Fence,
    },
    semantics: ({ rs1, rs2 }) => [perform('hfenceGvma', rs1, rs2)],
  }),
] as const;
