import { PAGE } from '../../shared/page.ts';
import { cstr, probe, sym_addr } from '../../shared/rv.ts';
import { SBI_SRST_SYSTEM_FAILURE } from '../../shared/sbi.ts';
import { complain, endLine, print, put, putDecimal } from '../runtime/console.ts';
import { endByTrap } from '../runtime/fatal-trap.ts';
import { GuestHart } from '../runtime/hart.ts';
import { bootArguments, ramAddress, ramBytes, readMachine } from '../runtime/machine.ts';
import { readNumber } from '../runtime/number.ts';
import { check, verdict } from '../runtime/verdict.ts';
import { bcopy, bzero, cp, fcp, frd, fwr, rd, rdwr, wr } from './streams.ts';

/** The device tree at the end of RAM. */
const KEPT_BYTES: u64 = 0x10_0000;
const DEFAULT_BYTES: u64 = 0x10_0000;
const WORDS_OF_LINE: u64 = 16;
const LINE: u64 = 64;

/**
 * Streams through as many bytes as its command line says, in each way of lmbench's bw_mem; whoever runs the machine times what lies between a way's
 * label and the label `guest`. Every page has been touched before.
 */
export function main(_hart: GuestHart, deviceTree: u64): u64 {
  if (!readMachine(<usize>deviceTree)) {
    complain(cstr('no device tree at'), deviceTree);
    return SBI_SRST_SYSTEM_FAILURE;
  }
  const asked = readNumber(bootArguments, DEFAULT_BYTES);
  const bytes = asked & ~(PAGE - 1);
  const area = (sym_addr('image_end') + PAGE - 1) & ~(PAGE - 1);
  const room = (ramAddress + ramBytes - KEPT_BYTES - area) / 2;
  if (bytes == 0 || bytes > room) {
    complain(cstr('bytes that the memory has'), room);
    return SBI_SRST_SYSTEM_FAILURE;
  }
  put(cstr('bandwidth: bytes '));
  putDecimal(bytes);
  endLine();
  stream(<usize>area, <usize>(area + bytes), <usize>bytes);
  print(cstr('bandwidth: end'));
  return verdict();
}

/**
 * Each way is gone twice, and measured the second time: what the caches then have to make room for is what the same way left in them, as where a way is
 * repeated for seconds.
 */
function stream(source: usize, target: usize, bytes: usize): void {
  // a check behind each way also keeps its last label apart from the next one's first
  const lines = <u64>bytes / LINE;
  fwr(source, bytes);
  rd(source, bytes);
  probe('rd');
  const read = rd(source, bytes);
  probe('guest');
  check(cstr('rd'), read, (lines * WORDS_OF_LINE) / 4);
  frd(source, bytes);
  probe('frd');
  const readFully = frd(source, bytes);
  probe('guest');
  check(cstr('frd'), readFully, lines * WORDS_OF_LINE);
  bzero(target, bytes);
  wr(target, bytes);
  probe('wr');
  wr(target, bytes);
  probe('guest');
  check(cstr('wr'), rd(target, bytes), (lines * WORDS_OF_LINE) / 4);
  rdwr(source, bytes);
  probe('rdwr');
  const readBefore = rdwr(source, bytes);
  probe('guest');
  check(cstr('rdwr'), readBefore, (lines * WORDS_OF_LINE) / 4);
  cp(target, source, bytes);
  probe('cp');
  cp(target, source, bytes);
  probe('guest');
  check(cstr('cp'), rd(target, bytes), (lines * WORDS_OF_LINE) / 4);
  fcp(target, source, bytes);
  probe('fcp');
  fcp(target, source, bytes);
  probe('guest');
  check(cstr('fcp'), frd(target, bytes), lines * WORDS_OF_LINE);
  bzero(target, bytes);
  probe('bzero');
  bzero(target, bytes);
  probe('guest');
  check(cstr('bzero'), frd(target, bytes), 0);
  fwr(source, bytes);
  probe('fwr');
  fwr(source, bytes);
  probe('guest');
  check(cstr('fwr'), frd(source, bytes), lines * WORDS_OF_LINE);
  bcopy(target, source, bytes);
  probe('bcopy');
  bcopy(target, source, bytes);
  probe('guest');
  check(cstr('bcopy'), frd(target, bytes), lines * WORDS_OF_LINE);
}

/** Nothing traps. */
export function on_trap(_hart: GuestHart): u64 {
  endByTrap();
  return 0;
}
