import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { PAGE } from '../../shared/page.ts';
import {
  amoadd_d,
  csrc,
  csrr,
  csrs,
  cstr,
  ld,
  probe,
  sbi_ecall3,
  sym_addr,
} from '../../shared/rv.ts';
import { SBI_HSM, SBI_HSM_HART_START, SBI_SRST_SYSTEM_FAILURE } from '../../shared/sbi.ts';
import { INTERRUPT } from '../../shared/trap-cause.ts';
import { complain, print } from '../runtime/console.ts';
import { endByTrap } from '../runtime/fatal-trap.ts';
import { GuestHart } from '../runtime/hart.ts';
import { takeInterrupts } from '../runtime/interrupts.ts';
import { bootArguments, hartCount, readMachine } from '../runtime/machine.ts';
import { readNumber } from '../runtime/number.ts';
import { check, verdict } from '../runtime/verdict.ts';
import { answerMessages, exchange } from './messages.ts';
import { countPrimes, primesFound } from './prime.ts';
import { serveRequests, STORE_BYTES } from './store.ts';
import { startTicking, tick } from './tick.ts';

/** Largest number that is tried, requests, messages: for each unit of the command line. */
const PRIME_LIMIT: u64 = 1000;
const REQUESTS: u64 = 1000;
const ROUNDS: u64 = 20;

const doneWord: usize = memory.data(8, 64);

/**
 * The guest of small applications: one that computes, one that looks things up, one that exchanges messages, with a timer tick as an operating
 * system has; its command line is how long they are. Two harts share the first and exchange; labels as in sw/guest/micro.
 */
export function main(hart: GuestHart, argument: u64): u64 {
  if (hart.index != 0) {
    workBeside(argument);
    return SBI_SRST_SYSTEM_FAILURE;
  }
  if (!readMachine(<usize>argument)) {
    complain(cstr('no device tree at'), argument);
    return SBI_SRST_SYSTEM_FAILURE;
  }
  const size = readNumber(bootArguments, 1);
  const area = <usize>((sym_addr('image_end') + PAGE - 1) & ~(PAGE - 1));
  // as after the paper's warm-up, no page is missing
  for (let at: u64 = 0; at < STORE_BYTES; at += PAGE) store<u64>(area + <usize>at, 0);
  csrs(csr.sstatus, csr.sstatus_sie);
  startTicking();
  if (hartCount > 1) sbi_ecall3(SBI_HSM, SBI_HSM_HART_START, 1, sym_addr('guest_start'), size);
  probe('prime');
  if (hartCount > 1) {
    countPrimes(2, 2, 1);
    countPrimes(5, size * PRIME_LIMIT, 4);
  } else countPrimes(2, size * PRIME_LIMIT, 1);
  while (hartCount > 1 && ld(doneWord, 0) == 0) {}
  probe('guest');
  if (size == 1) check(cstr('primes'), primesFound(), 168);
  else check(cstr('has-primes'), primesFound() > 168 ? 1 : 0, 1);
  probe('store');
  const hits = serveRequests(area, size * REQUESTS);
  probe('guest');
  check(cstr('has-hits'), hits != 0 ? 1 : 0, 1);
  if (hartCount > 1) {
    probe('messages');
    const sum = exchange(size * ROUNDS);
    probe('guest');
    const rounds = size * ROUNDS;
    check(cstr('messages'), sum, 8 * rounds * (rounds + 1) + 960 * rounds);
  }
  csrc(csr.sstatus, csr.sstatus_sie);
  print(cstr('applications: end'));
  return verdict();
}

/** The second hart's part. */
function workBeside(size: u64): void {
  csrs(csr.sie, 1 << interrupt.ssip);
  csrs(csr.sstatus, csr.sstatus_sie);
  startTicking();
  countPrimes(3, size * PRIME_LIMIT, 4);
  amoadd_d(doneWord, 1);
  answerMessages(size * ROUNDS);
  while (true) takeInterrupts();
}

/** Ticks, and the software interrupts that come with messages; everything else ends the program. */
export function on_trap(_hart: GuestHart): u64 {
  const cause = csrr(csr.scause);
  if (cause == (INTERRUPT | interrupt.stip)) tick();
  else if (cause == (INTERRUPT | interrupt.ssip)) csrc(csr.sip, 1 << interrupt.ssip);
  else endByTrap();
  return 0;
}
