import { cstr, ecall0, ecall1, ecall3 } from '../../../shared/rv.ts';
import { stringLength } from '../../../shared/strings.ts';
import { SYS_EXIT, SYS_GETPID, SYS_WRITE } from '../../../shared/syscalls.ts';
import { runWorkload } from '../../runtime/workload.ts';

const WORDS: u64 = 64;
const ROUNDS: u64 = 4;
const CALLS: u64 = 16;
const area: usize = memory.data(512, 8);

/** The user program of the measuring guest: computes, makes system calls, and exits with the result. */
export function main(): void {
  const text = cstr('computing in user mode');
  ecall3(SYS_WRITE, 1, text, stringLength(text));
  let result: u64 = 0;
  for (let round: u64 = 1; round <= ROUNDS; round++)
    result = result * 31 + runWorkload(area, WORDS, round);
  for (let call: u64 = 0; call < CALLS; call++) result += <u64>ecall0(SYS_GETPID);
  ecall1(SYS_EXIT, result);
}
