import { assemble } from '../../hw/isa/index.ts';

/** Where the boot ROM sends every hart. */
export interface BootTarget {
  /** First instruction of the firmware or bare program. */
  readonly entry: bigint;
  /** Device tree, passed in a1. */
  readonly deviceTree: number;
}

/**
 * Code of the boot ROM: a0 = hart id, a1 = device tree, then on to the entry; five instructions, as many as Spike's
 * reset vector has, so that commit logs line up.
 */
export function resetVector({ entry, deviceTree }: BootTarget): Uint8Array {
  const program = `
    auipc t0, 0
    ld    a1, 32(t0)
    csrr  a0, mhartid
    ld    t0, 24(t0)
    jr    t0
    .word 0
    .dword 0x${entry.toString(16)}
    .dword 0x${deviceTree.toString(16)}
  `;
  return assemble(program).bytes;
}
