import { fence_i, sym_addr } from '../../shared/rv.ts';
import { GuestHart } from '../runtime/hart.ts';
import { nextRandom } from '../runtime/workload.ts';
import { attempt } from './traps.ts';

const ATTEMPTS: u64 = 150;
/** `lX a1, (a0)`, `sX a1, (a0)` and `amoX a1, a1, (a0)` without width and operation. */
const LOAD: u32 = 0x0005_0583;
const STORE: u32 = 0x00b5_0023;
const ATOMIC: u32 = 0x00b5_25af;
/** An ecall ends an access that did not trap. */
const ECALL: u32 = 0x0000_0073;

/** Loads, stores and atomic operations of all kinds at random addresses, most of which nothing backs. */
export function wildAccesses(hart: GuestHart, seed: u64): void {
  const code = sym_addr('scratch');
  for (let round: u64 = 0; round < ATTEMPTS; round++) {
    seed = nextRandom(seed);
    const random = <u32>(seed >> 16);
    let instruction: u32 = LOAD | (random & 0x7000);
    if (round % 3 == 1) instruction = STORE | (random & 0x3000);
    if (round % 3 == 2) instruction = ATOMIC | (random & 0xf800_0000) | (random & 0x1000);
    store<u32>(code, instruction);
    store<u32>(code, ECALL, 4);
    fence_i();
    attempt(hart, code, seed, false);
  }
}
