import { sw, wfi } from '../shared/rv.ts';
import { finisher } from './platform.ts';

/** Values of the test finisher: pass, fail with a code in bits 31:16, reset. `sifive-test` */
const PASS: u32 = 0x5555;
const FAIL: u32 = 0x3333;
const RESET: u32 = 0x7777;

function finish(value: u32): void {
  if (finisher != 0) sw(finisher, value, 0);
  while (true) wfi();
}

/** Ends the machine as passed. */
export function pass(): void {
  finish(PASS);
}

/** Ends the machine as failed with a code. */
export function fail(code: u32): void {
  finish(FAIL | (code << 16));
}

/** Resets the machine. */
export function resetMachine(): void {
  finish(RESET);
}
