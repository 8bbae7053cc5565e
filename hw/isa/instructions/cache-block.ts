import { henvcfg } from '../csr/hypervisor.ts';
import { menvcfg } from '../csr/machine.ts';
import { senvcfg } from '../csr/supervisor.ts';
import { perform } from '../semantics/index.ts';
import { inOrder, unlessSet, type Guard } from './guard.ts';
import { defineInstruction } from './instruction.ts';

/** Who may execute what a field of the three environment configurations enables (unpriv 19.3). */
function enabledBy(field: 'cbie' | 'cbcfe' | 'cbze'): Guard {
  const machine = unlessSet(menvcfg, field, 'illegal');
  const hypervisor = unlessSet(henvcfg, field, 'virtual');
  return {
    HS: machine,
    U: inOrder(machine, unlessSet(senvcfg, field, 'illegal')),
    VS: inOrder(machine, hypervisor),
    VU: inOrder(machine, hypervisor, unlessSet(senvcfg, field, 'virtual')),
  };
}

/** Size of a cache block in bytes, the same for management, zeroing and prefetching (unpriv 19.2). */
export const CACHE_BLOCK_BYTES = 64;

const managing = {
  extension: 'zicbom',
  syntax: '(rs1)',
  timing: 'cacheBlock',
  spec: 'unpriv 19',
} as const;

/**
 * Zicbom and Zicboz: operations on the block of 64 bytes around an address. What is written can be
 * read everywhere at once, so that to clean, flush or invalidate a block changes no data; it takes time where caches are modelled.
 */
export const cacheBlockInstructions = [
  defineInstruction({
    ...managing,
    name: 'cbo.inval',
    encoding: '000000000000 rs1 010 00000 0001111',
    guard: enabledBy('cbie'),
    semantics: ({ rs1 }) => [perform('cacheBlockFlush', rs1)],
  }),
  defineInstruction({
    ...managing,
    name: 'cbo.clean',
    encoding: '000000000001 rs1 010 00000 0001111',
    guard: enabledBy('cbcfe'),
    semantics: ({ rs1 }) => [perform('cacheBlockClean', rs1)],
  }),
  defineInstruction({
    ...managing,
    name: 'cbo.flush',
    encoding: '000000000010 rs1 010 00000 0001111',
    guard: enabledBy('cbcfe'),
    semantics: ({ rs1 }) => [perform('cacheBlockFlush', rs1)],
  }),
  defineInstruction({
    ...managing,
    name: 'cbo.zero',
    extension: 'zicboz',
    timing: 'cacheBlockZero',
    encoding: '000000000100 rs1 010 00000 0001111',
    guard: enabledBy('cbze'),
    semantics: ({ rs1 }) => [perform('cacheBlockZero', rs1)],
  }),
] as const;
