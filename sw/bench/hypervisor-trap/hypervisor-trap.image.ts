import { defineProgram } from '../runtime/program.ts';
import { exitToHypervisor } from './hypervisor-trap.asm.ts';

/** A guest under two stages of translation exits to a hypervisor in HS mode, again and again. */
export const hypervisorTrap = defineProgram('hypervisor-trap', {
  assembly: [exitToHypervisor],
  hasGuest: true,
});
