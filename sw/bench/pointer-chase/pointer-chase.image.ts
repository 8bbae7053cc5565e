import { defineProgram } from '../runtime/program.ts';
import { chase } from './pointer-chase.asm.ts';

/** A guest under two stages of translation follows pointers over 16 MiB, each load waiting for the one before. */
export const pointerChase = defineProgram('pointer-chase', {
  sources: ['sw/bench/pointer-chase/chain.ts'],
  assembly: [chase],
  hasGuest: true,
});
