import { perform } from '../semantics/index.ts';
import { guestStage1Fence, guestStage2Fence } from './hypervisor.ts';
import { defineInstruction } from './instruction.ts';
import { translationFence } from './privileged.ts';

const ordering = {
  extension: 'svinval',
  syntax: '',
  // TVM and VTVM do not matter: nothing is invalidated here.
  guard: { U: 'illegal', VU: 'virtual' },
  spec: 'priv 13',
} as const;
const invalidating = {
  syntax: 'rs1, rs2',
  timing: 'translationFence',
  spec: 'priv 13',
} as const;

/**
 * Svinval: invalidation of translations apart from the ordering around it. Here an invalidation takes effect at once, as
 * the fence of the same operands would, so that nothing is left for the two ordering instructions to do.
 */
export const invalidationInstructions = [
  defineInstruction({
    ...invalidating,
    name: 'sinval.vma',
    extension: 'svinval',
    encoding: '0001011 rs2 rs1 000 00000 1110011',
    guard: translationFence,
    semantics: ({ rs1, rs2 }) => [perform('sfenceVma', rs1, rs2)],
  }),
  defineInstruction({
    ...ordering,
    name: 'sfence.w.inval',
    encoding: '0001100 00000 00000 000 00000 1110011',
    timing: 'fence',
    semantics: () => [perform('fence')],
  }),
  defineInstruction({
    ...ordering,
    name: 'sfence.inval.ir',
    encoding: '0001100 00001 00000 000 00000 1110011',
    timing: 'translationFence',
    semantics: () => [perform('fence')],
  }),
  defineInstruction({
    ...invalidating,
    name: 'hinval.vvma',
    extension: 'svinval-h',
    encoding: '0010011 rs2 rs1 000 00000 1110011',
    guard: guestStage1Fence,
    semantics: ({ rs1, rs2 }) => [perform('hfenceVvma', rs1, rs2)],
  }),
  defineInstruction({
    ...invalidating,
    name: 'hinval.gvma',
    extension: 'svinval-h',
    encoding: '0110011 rs2 rs1 000 00000 1110011',
    guard: guestStage2Fence,
    semantics: ({ rs1, rs2 }) => [perform('hfenceGvma', rs1, rs2)],
  }),
] as const;
