import * as csr from 'rv/csr';
import * as interrupt from 'rv/interrupt';
import { PAGE } from '../../shared/page.ts';
import { csrc, csrr, csrs, cstr, probe, sbi_ecall3, sym_addr } from '../../shared/rv.ts';
import { SBI_HSM, SBI_HSM_HART_START, SBI_SRST_SYSTEM_FAILURE } from '../../shared/sbi.ts';
import { INTERRUPT } from '../../shared/trap-cause.ts';
import { complain, print } from '../runtime/console.ts';
import { endByTrap } from '../runtime/fatal-trap.ts';
import { GuestHart } from '../runtime/hart.ts';
import { takeInterrupts } from '../runtime/interrupts.ts';
import { bootArguments, hartCount, readMachine } from '../runtime/machine.ts';
import { readNumber } from '../runtime/number.ts';
import { check, verdict } from '../runtime/verdict.ts';
import { discoverVirtio } from '../virtio/discover.ts';
import { servePorts } from '../virtio/interrupts.ts';
import { netPort } from '../virtio/net.ts';
import { answerMessages, exchange, isPaired } from './messages.ts';
import { countPrimes, primesFound } from './prime.ts';
import { serveRequests, STORE_BYTES } from './store.ts';
import { openStream, streamFrames } from './stream.ts';
import { awaitPhase, beginPhase, endPhase, leavePhase } from './team.ts';
import { startTicking, tick } from './tick.ts';

/** Largest number that is tried, requests, messages, frames: for each unit of the command line. */
const PRIME_LIMIT: u64 = 1000;
const REQUESTS: u64 = 1000;
const ROUNDS: u64 = 20;
const FRAMES: u64 = 10;

const PRIMES: u64 = 1;
const STORE: u64 = 2;
const MESSAGES: u64 = 3;
/** Other harts have nothing more to do. */
const REST: u64 = 4;

/** Memory of the stores, one for each hart. */
function storeOf(hart: u64): usize {
  const first = (sym_addr('image_end') + PAGE - 1) & ~(PAGE - 1);
  return <usize>(first + hart * STORE_BYTES);
}

/**
 * The guest of small applications: one that computes, one that looks things up, one that exchanges messages, one that streams frames, with a
 * timer tick as an operating system has; its command line is how long they are. All harts share the first, each has a store and clients of its
 * own, each pair exchanges messages, the first hart streams where there is a network. Labels as in sw/guest/micro.
 */
export function main(hart: GuestHart, argument: u64): u64 {
  if (hart.index != 0) {
    workBeside(hart.index, argument);
    return SBI_SRST_SYSTEM_FAILURE;
  }
  if (!readMachine(<usize>argument)) {
    complain(cstr('no device tree at'), argument);
    return SBI_SRST_SYSTEM_FAILURE;
  }
  const size = readNumber(bootArguments, 1);
  // as after the paper's warm-up, no page is missing
  for (let at = storeOf(0); at < storeOf(hartCount); at += PAGE) store<u64>(at, 0);
  csrs(csr.sstatus, csr.sstatus_sie);
  startTicking();
  for (let other: u64 = 1; other < hartCount; other++)
    sbi_ecall3(SBI_HSM, SBI_HSM_HART_START, other, sym_addr('guest_start'), size);
  compute(size);
  lookUp(size);
  if (hartCount > 1) sendMessages(size);
  beginPhase(REST);
  useNetwork(<usize>argument, size);
  csrc(csr.sstatus, csr.sstatus_sie);
  print(cstr('applications: end'));
  return verdict();
}

function compute(size: u64): void {
  probe('prime');
  beginPhase(PRIMES);
  countPrimes(0, hartCount, size * PRIME_LIMIT);
  endPhase();
  probe('guest');
  if (size == 1) check(cstr('primes'), primesFound(), 168);
  else check(cstr('has-primes'), primesFound() > 168 ? 1 : 0, 1);
}

function lookUp(size: u64): void {
  probe('store');
  beginPhase(STORE);
  const hits = serveRequests(storeOf(0), size * REQUESTS);
  endPhase();
  probe('guest');
  check(cstr('has-hits'), hits != 0 ? 1 : 0, 1);
}

function sendMessages(size: u64): void {
  probe('messages');
  beginPhase(MESSAGES);
  const rounds = size * ROUNDS;
  const sum = exchange(0, rounds);
  endPhase();
  probe('guest');
  check(cstr('messages'), sum, 8 * rounds * (rounds + 1) + 960 * rounds);
}

function useNetwork(deviceTree: usize, size: u64): void {
  discoverVirtio(deviceTree);
  const port = netPort();
  if (port === null) return;
  check(cstr('net-opened'), openStream(port) ? 1 : 0, 1);
  const frames = size * FRAMES;
  probe('stream');
  const whole = streamFrames(frames);
  probe('guest');
  check(cstr('frames'), whole, frames);
}

/** The part of another hart. */
function workBeside(hart: u64, size: u64): void {
  csrs(csr.sie, 1 << interrupt.ssip);
  csrs(csr.sstatus, csr.sstatus_sie);
  startTicking();
  awaitPhase(PRIMES);
  countPrimes(hart, hartCount, size * PRIME_LIMIT);
  leavePhase();
  awaitPhase(STORE);
  serveRequests(storeOf(hart), size * REQUESTS);
  leavePhase();
  awaitPhase(MESSAGES);
  if (isPaired(hart)) {
    if ((hart & 1) == 0) exchange(hart, size * ROUNDS);
    else answerMessages(hart, size * ROUNDS);
  }
  leavePhase();
  awaitPhase(REST);
  while (true) takeInterrupts();
}

/** Ticks, the software interrupts that come with messages, and devices; everything else ends the program. */
export function on_trap(hart: GuestHart): u64 {
  const cause = csrr(csr.scause);
  if (cause == (INTERRUPT | interrupt.stip)) tick();
  else if (cause == (INTERRUPT | interrupt.ssip)) csrc(csr.sip, 1 << interrupt.ssip);
  else if (cause == (INTERRUPT | interrupt.seip)) servePorts(hart.index);
  else endByTrap();
  return 0;
}
