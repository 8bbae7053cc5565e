import { defineProgram } from '../runtime/program.ts';
import { callFunctions } from './cold-mix.asm.ts';

/** 1400 generated functions, 340 KB of code, called in a random order: little of it is ever hot. */
export const coldMix = defineProgram('cold-mix', { assembly: [callFunctions] });
