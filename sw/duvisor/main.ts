import { createMachine, runMachine } from './vm/machine.ts';
import { cstr } from '../shared/rv.ts';
import { nameProgram } from '../vmm/failure.ts';
import { readOptions } from '../vmm/options.ts';

/** One process, one VM: builds it, runs it to its end, and gives the guest's verdict as exit status (duvisor 7.1). */
export function main(argumentCount: u64, words: usize): u64 {
  nameProgram(cstr('duvisor'));
  readOptions(argumentCount, words);
  createMachine();
  return runMachine();
}
