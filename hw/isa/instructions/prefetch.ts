import { defineInstruction } from './instruction.ts';

const hinting = {
  extension: 'zicbop',
  syntax: 'imm(rs1)',
  timing: 'integer',
  semantics: () => [],
  spec: 'unpriv 19',
} as const;

/**
 * Zicbop: hints in the encodings of `ori` with `x0` as its destination, which is what a hart executes. They are known to
 * assembly alone.
 */
export const prefetchInstructions = [
  defineInstruction({
    ...hinting,
    name: 'prefetch.i',
    encoding: 'imm[11:5] 00000 rs1 110 00000 0010011',
  }),
  defineInstruction({
    ...hinting,
    name: 'prefetch.r',
    encoding: 'imm[11:5] 00001 rs1 110 00000 0010011',
  }),
  defineInstruction({
    ...hinting,
    name: 'prefetch.w',
    encoding: 'imm[11:5] 00011 rs1 110 00000 0010011',
  }),
] as const;

/** The prefetch hint that a word is, if it is one. */
export function prefetchOf(word: number) {
  return prefetchInstructions.find(
    ({ encoding }) => ((word ^ encoding.match) & encoding.mask) === 0,
  );
}
