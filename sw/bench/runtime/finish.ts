import { ld, sd, sw, sym_addr, amoadd_d } from '../../shared/rv.ts';

const FINISHER: usize = 0x10_0000;
const FINISHER_PASS: u32 = 0x5555;
const FINISHER_FAIL: u32 = 0x3333;

/** Ends the run with an exit code, through HTIF where the machine has it and else through the test finisher. */
export function finish(code: u64): void {
  while (true) {
    sd(sym_addr('tohost'), (code << 1) | 1, 0);
    sw(FINISHER, code == 0 ? FINISHER_PASS : FINISHER_FAIL | ((<u32>code) << 16), 0);
  }
}

/** True for the last of the harts that take part; the others have nothing more to do. */
export function isLastToFinish(): bool {
  return amoadd_d(sym_addr('finished_harts'), 1) + 1 == ld(sym_addr('hart_count'), 0);
}
