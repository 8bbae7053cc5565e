import { defineProgram } from '../runtime/program.ts';
import { computeFloats } from './float-mix.asm.ts';

/** Double and single precision, fused and not, roots and quotients: a quarter of a million instructions an iteration. */
export const floatMix = defineProgram('float-mix', { assembly: [computeFloats] });
