import { defineProgram } from '../runtime/program.ts';
import { coldProgramWithLoops } from './cold-functions.asm.ts';
import { callsOf } from './cold-mix.asm.ts';

/** 1400 generated functions, 360 KB of code, called in a random order: little of it is ever hot. */
export const coldMix = defineProgram('cold-mix', { assembly: [callsOf(coldProgramWithLoops)] });
