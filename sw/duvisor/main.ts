import { createMachine, runMachine } from './vm/machine.ts';
import { cstr } from '../shared/rv.ts';
import { fail, nameProgram, STATUS_USAGE } from '../vmm/failure.ts';
import { isExitless, readOptions } from '../vmm/options.ts';

/** One process, one VM: builds it, runs it to its end, and gives the guest's verdict as exit status (duvisor 7.1). */
export function main(argumentCount: u64, words: usize): u64 {
  nameProgram(cstr('duvisor'));
  readOptions(argumentCount, words);
  if (isExitless)
    fail(STATUS_USAGE, cstr('--exitless: interrupts are posted where the machine does'));
  createMachine();
  return runMachine();
}
