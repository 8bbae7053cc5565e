import { defineProgram } from '../runtime/program.ts';
import { exitToUser } from './user-trap.asm.ts';

/** A guest under two stages of translation exits to its hypervisor in user mode, again and again. */
export const userTrap = defineProgram('user-trap', { assembly: [exitToUser], hasGuest: true });
