import { straightProgram } from '../cold-mix/cold-functions.asm.ts';
import { callsOf } from '../cold-mix/cold-mix.asm.ts';
import { defineProgram } from '../runtime/program.ts';

/** The functions of the cold mix without their loops: whatever is executed was executed long ago. */
export const straightMix = defineProgram('straight-mix', {
  assembly: [callsOf(straightProgram)],
});
