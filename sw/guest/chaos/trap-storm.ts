import { fence_i, sym_addr } from '../../shared/rv.ts';
import { GuestHart } from '../runtime/hart.ts';
import { attempt } from './traps.ts';

const ROUNDS: u64 = 100;
const EBREAK: u32 = 0x0010_0073;
const ECALL: u32 = 0x0000_0073;
const ILLEGAL: u32 = 0;
const WFI: u32 = 0x1050_0073;
/** A CSR that only a hypervisor may read: `csrr a0, hgatp`. */
const READ_HGATP: u32 = 0x6800_2573;

/** One trap after another, of five kinds, as user. */
export function stormOfTraps(hart: GuestHart): void {
  const code = sym_addr('scratch');
  for (let round: u64 = 0; round < ROUNDS; round++) {
    store<u32>(code, instructionOf(round % 5));
    store<u32>(code, ECALL, 4);
    fence_i();
    attempt(hart, code, round + 1, false);
  }
}

function instructionOf(kind: u64): u32 {
  switch (<u32>kind) {
    case 0:
      return EBREAK;
    case 1:
      return ECALL;
    case 2:
      return ILLEGAL;
    case 3:
      return WFI;
    default:
      return READ_HGATP;
  }
}
