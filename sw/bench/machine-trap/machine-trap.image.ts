import { defineProgram } from '../runtime/program.ts';
import { callMachine, machineTrap } from './machine-trap.asm.ts';

/** Supervisor mode calls machine mode, again and again. */
export const machineTrapProgram = defineProgram('machine-trap', {
  assembly: [callMachine, machineTrap],
});
