import { cstr } from '../../shared/rv.ts';
import { SBI_SRST_NO_REASON } from '../../shared/sbi.ts';
import { parseNumber, startsWith } from '../../shared/strings.ts';
import { endLine, put, putDecimal } from '../runtime/console.ts';
import { GuestHart } from '../runtime/hart.ts';
import { bootArguments, readMachine } from '../runtime/machine.ts';
import { loopOfTraps, sleepForever } from './dead-ends.ts';
import { runRandomCode } from './random-code.ts';
import { stormOfTraps } from './trap-storm.ts';
import { trapCount, trapped } from './traps.ts';
import { wildAccesses } from './wild-accesses.ts';
import { wildJumps } from './wild-jumps.ts';

/**
 * The guest that does everything wrong. Its command line is VARIANT:SEED: random-code, supervisor-code, wild-jumps, wild-accesses and trap-storm
 * end by themselves (supervisor-code may also lose itself); trap-loop and endless-wfi never do. Same seed, same run.
 */
export function main(hart: GuestHart, deviceTree: u64): u64 {
  readMachine(<usize>deviceTree);
  const variant = bootArguments;
  const seed = seedOf(variant);
  put(cstr('chaos: '));
  put(variant);
  endLine();
  if (startsWith(variant, cstr('supervisor-code'))) runRandomCode(hart, seed, true);
  else if (startsWith(variant, cstr('wild-jumps'))) wildJumps(hart, seed);
  else if (startsWith(variant, cstr('wild-accesses'))) wildAccesses(hart, seed);
  else if (startsWith(variant, cstr('trap-storm'))) stormOfTraps(hart);
  else if (startsWith(variant, cstr('trap-loop'))) loopOfTraps();
  else if (startsWith(variant, cstr('endless-wfi'))) sleepForever();
  else runRandomCode(hart, seed, false);
  put(cstr('chaos: survived traps '));
  putDecimal(trapCount());
  endLine();
  return SBI_SRST_NO_REASON;
}

/** Every trap ends what caused it. */
export function on_trap(hart: GuestHart): u64 {
  return trapped();
}

function seedOf(variant: usize): u64 {
  while (load<u8>(variant) != 0 && load<u8>(variant) != 0x3a) variant++;
  const seed = load<u8>(variant) == 0 ? 0 : parseNumber(variant + 1);
  return seed != 0 ? seed : 1;
}
