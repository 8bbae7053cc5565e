import { hstatus } from '../csr/hypervisor.ts';
import { mstatus } from '../csr/machine.ts';
import { perform } from '../semantics/index.ts';
import { ifSet, inOrder, unlessSet, type Guard } from './guard.ts';
import { defineInstruction } from './instruction.ts';

/** Who may fence the translations of the own level (priv 10.2.1). */
export const translationFence: Guard = {
  U: 'illegal',
  VU: 'virtual',
  VS: ifSet(hstatus, 'vtvm', 'virtual'),
  HS: ifSet(mstatus, 'tvm', 'illegal'),
};

/** Returns from traps, waiting, and the translation fence of the supervisor. */
export const privilegedInstructions = [
  defineInstruction({
    name: 'mret',
    extension: 's',
    encoding: '0011000 00010 00000 000 00000 1110011',
    syntax: '',
    timing: 'trapReturn',
    guard: { U: 'illegal', VU: 'illegal', VS: 'illegal', HS: 'illegal' },
    semantics: () => [perform('mret')],
    spec: 'priv 3.3.2',
  }),
  defineInstruction({
    name: 'sret',
    extension: 's',
    encoding: '0001000 00010 00000 000 00000 1110011',
    syntax: '',
    timing: 'trapReturn',
    guard: {
      U: 'illegal',
      VU: 'virtual',
      VS: ifSet(hstatus, 'vtsr', 'virtual'),
      HS: ifSet(mstatus, 'tsr', 'illegal'),
    },
    semantics: () => [perform('sret')],
    spec: 'priv 3.3.2',
  }),
  // The time that TW and VTW allow a wait to take is 0 here, and so is that of U mode.
  defineInstruction({
    name: 'wfi',
    extension: 's',
    encoding: '0001000 00101 00000 000 00000 1110011',
    syntax: '',
    timing: 'wait',
    guard: {
      U: 'illegal',
      VU: inOrder(ifSet(mstatus, 'tw', 'illegal'), unlessSet(mstatus, 'tw', 'virtual')),
      VS: inOrder(ifSet(mstatus, 'tw', 'illegal'), ifSet(hstatus, 'vtw', 'virtual')),
      HS: ifSet(mstatus, 'tw', 'illegal'),
    },
    semantics: () => [perform('wfi')],
    spec: 'priv 3.3.3',
  }),
  defineInstruction({
    name: 'sfence.vma',
    extension: 's',
    encoding: '0001001 rs2 rs1 000 00000 1110011',
    syntax: 'rs1, rs2',
    timing: 'translationFence',
    guard: translationFence,
    semantics: ({ rs1, rs2 }) => [perform('sfenceVma', rs1, rs2)],
    spec: 'priv 10.2.1',
  }),
] as const;
