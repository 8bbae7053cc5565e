import { defineProgram } from '../runtime/program.ts';

/** Sieve, matrices, list, checksums, text, copies, sorting, indirect calls: two million instructions an iteration. */
export const loopMix = defineProgram('loop-mix', { sources: ['sw/bench/loop-mix/main.ts'] });
