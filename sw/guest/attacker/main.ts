import {
  cstr,
  lbu,
  sbi_ecall0,
  sbi_ecall1,
  sbi_ecall2,
  sbi_ecall3,
  sd,
  sym_addr,
} from '../../shared/rv.ts';
import {
  SBI_DEVICE,
  SBI_DEVICE_RAISE,
  SBI_IPI,
  SBI_IPI_SEND_IPI,
  SBI_NULL,
  SBI_SRST_SYSTEM_FAILURE,
} from '../../shared/sbi.ts';
import { ARM_BASE } from '../../planted-bugs/arming.ts';
import { complain, endLine, print, put, putDecimal } from '../runtime/console.ts';
import { endByTrap } from '../runtime/fatal-trap.ts';
import { GuestHart } from '../runtime/hart.ts';
import { bootArguments, readMachine, uartAddress } from '../runtime/machine.ts';
import { readNumber } from '../runtime/number.ts';

const PAGE: usize = 4096;
/** Fresh pages that are written: those that lie where the host kernel lies in the memory of the machine. */
const SWEPT_BYTES: usize = 0x20_0000;
/** The UART's scratch register. */
const SCRATCH: i32 = 7;
const PATTERN: u64 = 0x4242_4242_4242_4242;

/**
 * Arms the bug of the number on its command line and runs into it; then does all that makes an exit: fresh pages, interrupts, devices, calls. It
 * ends as failed when nothing has stopped it.
 */
export function main(_hart: GuestHart, deviceTree: u64): u64 {
  if (!readMachine(<usize>deviceTree)) {
    complain(cstr('no device tree at'), deviceTree);
    return SBI_SRST_SYSTEM_FAILURE;
  }
  const bug = readNumber(bootArguments, 0);
  put(cstr('attacker: bug '));
  putDecimal(bug);
  endLine();
  sbi_ecall1(SBI_NULL, 0, ARM_BASE + bug);
  sbi_ecall0(SBI_NULL, 0);
  lbu(<usize>uartAddress, SCRATCH);
  sbi_ecall2(SBI_IPI, SBI_IPI_SEND_IPI, 1, 0);
  sbi_ecall3(SBI_DEVICE, SBI_DEVICE_RAISE, 0, 1, 0);
  const first = <usize>((sym_addr('image_end') + 2 * PAGE - 1) & ~(PAGE - 1));
  for (let page = first; page < first + SWEPT_BYTES; page += PAGE) sd(page, PATTERN, 0);
  print(cstr('attacker: nothing has stopped it'));
  return SBI_SRST_SYSTEM_FAILURE;
}

/** Whatever comes back as a trap of its own ends it. */
export function on_trap(_hart: GuestHart): u64 {
  endByTrap();
  return 0;
}
