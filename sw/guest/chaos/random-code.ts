import { fence_i, sym_addr } from '../../shared/rv.ts';
import { GuestHart } from '../runtime/hart.ts';
import { nextRandom } from '../runtime/workload.ts';
import { attempt } from './traps.ts';

const ATTEMPTS: u64 = 60;
const CODE_WORDS: u64 = 32;
const OPCODE_MASK: u32 = 0x7f;
const SYSTEM: u32 = 0x73;
/** Opcodes of the base instruction set, atomics, fences and SYSTEM (unpriv 34, "RISC-V base opcode map"). */
const opcodes: usize = memory.data<u8>([
  0x03, 0x0f, 0x13, 0x17, 0x1b, 0x23, 0x2f, 0x33, 0x37, 0x3b, 0x63, 0x67, 0x6f, 0x73, 0x73, 0x73,
]);
/** Bits 31:28 of a CSR instruction choose the level and the kind of CSR: 0x1 is the supervisor's own. */
const CSR_LEVEL_MASK: u32 = 0xf000_0000;
const SUPERVISOR_LEVEL: u32 = 0x1000_0000;

/** Executes random numbers as instructions, in user or supervisor mode: plain ones, and ones with an opcode that exists. */
export function runRandomCode(hart: GuestHart, seed: u64, supervisor: bool): void {
  const code = sym_addr('scratch');
  for (let round: u64 = 0; round < ATTEMPTS; round++) {
    for (let word: u64 = 0; word < CODE_WORDS; word++) {
      seed = nextRandom(seed);
      const random = <u32>(seed >> 32);
      store<u32>(code + <usize>(word << 2), round & 1 ? shaped(random, <u32>seed) : random);
    }
    fence_i();
    attempt(hart, code, seed, supervisor);
  }
}

function shaped(random: u32, choice: u32): u32 {
  const opcode: u32 = load<u8>(opcodes + <usize>(choice & 15));
  const instruction = (random & ~OPCODE_MASK) | opcode;
  if (opcode != SYSTEM || (choice & 16) == 0) return instruction;
  return (instruction & ~CSR_LEVEL_MASK) | SUPERVISOR_LEVEL;
}
