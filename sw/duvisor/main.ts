import { createMachine, runMachine } from './vm/machine.ts';
import { cstr } from '../shared/rv.ts';
import { fail, nameProgram, STATUS_USAGE } from '../vmm/failure.ts';
import { isDeprivileged, isExitless, readOptions, switchesDvState } from '../vmm/options.ts';

/** One process, one VM: builds it, runs it to its end, and gives the guest's verdict as exit status (duvisor 7.1). */
export function main(argumentCount: u64, words: usize): u64 {
  nameProgram(cstr('duvisor'));
  readOptions(argumentCount, words);
  if (isExitless || switchesDvState || isDeprivileged)
    fail(
      STATUS_USAGE,
      cstr('--exitless, --dv-state, --forward: they are for in-kernel hypervisors'),
    );
  createMachine();
  return runMachine();
}
