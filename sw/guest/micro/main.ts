import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { PAGE } from '../../shared/page.ts';
import { csrr, cstr } from '../../shared/rv.ts';
import { SBI_SRST_SYSTEM_FAILURE } from '../../shared/sbi.ts';
import { INTERRUPT } from '../../shared/trap-cause.ts';
import { complain, endLine, print, put, putDecimal } from '../runtime/console.ts';
import { endByTrap } from '../runtime/fatal-trap.ts';
import { GuestHart } from '../runtime/hart.ts';
import {
  bootArguments,
  hartCount,
  ramAddress,
  ramBytes,
  readMachine,
  uartAddress,
} from '../runtime/machine.ts';
import { readNumber } from '../runtime/number.ts';
import { check, verdict } from '../runtime/verdict.ts';
import { haveDeviceInterrupt, interruptOften, startReceiver } from './interrupt-stimuli.ts';
import { countExternal, countSoftware, receive, RECEIVER } from './receiver.ts';
import { callOften, firstPage, readDeviceOften, readFreshPages } from './stimuli.ts';

const DEFAULT_ITERATIONS: u64 = 100;
/** The device tree at the end of RAM. */
const KEPT_BYTES: u64 = 0x10_0000;

/**
 * The guest of the paper's micro-benchmarks: address translation of its own is off, and its command line is how often it does each thing. It
 * times itself with `rdcycle`; whoever runs the machine can divide each operation further, at its labels.
 */
export function main(hart: GuestHart, deviceTree: u64): u64 {
  if (hart.index != 0) receive(hart);
  if (!readMachine(<usize>deviceTree)) {
    complain(cstr('no device tree at'), deviceTree);
    return SBI_SRST_SYSTEM_FAILURE;
  }
  const iterations = readNumber(bootArguments, DEFAULT_ITERATIONS);
  put(cstr('micro: iterations '));
  putDecimal(iterations);
  endLine();
  const room = (ramAddress + ramBytes - KEPT_BYTES - firstPage()) / PAGE;
  if (iterations > room || uartAddress == 0) {
    complain(cstr('fresh pages that the memory has'), room);
    return SBI_SRST_SYSTEM_FAILURE;
  }
  check(cstr('calls'), callOften(iterations), 0);
  check(cstr('fresh-pages'), readFreshPages(iterations), 0);
  check(cstr('device-reads'), readDeviceOften(<usize>uartAddress, iterations), 0);
  if (hartCount > 1) {
    startReceiver();
    check(cstr('interrupts-lost'), interruptOften(iterations), 0);
    check(cstr('device-interrupts-lost'), haveDeviceInterrupt(iterations), 0);
  }
  print(cstr('micro: end'));
  return verdict();
}

/** Interrupts of the second hart; everything else ends the program. */
export function on_trap(hart: GuestHart): u64 {
  const cause = csrr(csr.scause);
  if (hart.index == RECEIVER && cause == (INTERRUPT | interrupt.ssip)) countSoftware();
  else if (hart.index == RECEIVER && cause == (INTERRUPT | interrupt.seip)) countExternal();
  else endByTrap();
  return 0;
}
