import { ticksToExpiry, timerLines } from '../dv-ext/index.ts';
import type { DvRules, VirtualTimerState } from '../dv-ext/index.ts';
import { bitsOf, hgeie, hgeip, hstatus, Interrupt, vtimecmp, vtimectl } from '../isa/index.ts';
import type { InterruptName } from '../isa/index.ts';
import type { CsrFile } from './csr-file.ts';

/** The interrupt lines that end at one hart, and what its guest timer adds to them. */
export class InterruptLines {
  #lines = 0n;
  #guestExternal = 0n;

  /** Raises or lowers a line; returns whether that changed it. */
  set(line: InterruptName, level: boolean): boolean {
    const before = this.#lines;
    const bit = bitsOf(Interrupt[line]);
    this.#lines = level ? before | bit : before & ~bit;
    return this.#lines !== before;
  }

  /** Raises or lowers the line of a guest external interrupt, numbered from 1; returns whether that changed it. */
  setGuestExternal(number: number, level: boolean): boolean {
    const before = this.#guestExternal;
    const bit = bitsOf(number);
    this.#guestExternal = level ? before | bit : before & ~bit;
    return this.#guestExternal !== before;
  }

  /** Bits of `hgeip`. */
  get guestExternal(): bigint {
    return this.#guestExternal;
  }

  /** Bits of `mip` that hardware drives while `mtime` is `now` (priv 18.2.3, duvisor 5). */
  pending(csrs: CsrFile, now: bigint, rules: DvRules | undefined): bigint {
    let pending = this.#lines;
    if (this.#guestExternal !== 0n) pending |= this.#guestExternalPending(csrs);
    if (isTimerRunning(csrs, rules)) pending |= timerLines(rules, timerState(csrs, now));
    return pending;
  }

  #guestExternalPending(csrs: CsrFile): bigint {
    const raised = csrs.read(hgeip);
    const selected = (raised >> csrs.field(hstatus, 'vgein')) & 1n;
    const isEnabled = (raised & csrs.stored(hgeie)) !== 0n;
    return (
      (selected !== 0n ? bitsOf(Interrupt.vseip) : 0n) | (isEnabled ? bitsOf(Interrupt.sgei) : 0n)
    );
  }
}

/** How long until the hart's guest timer expires, in ticks of `mtime`; `undefined` when it will not. */
export function ticksToGuestTimer(
  csrs: CsrFile,
  now: bigint,
  rules: DvRules | undefined,
): bigint | undefined {
  return isTimerRunning(csrs, rules) ? ticksToExpiry(timerState(csrs, now)) : undefined;
}

function isTimerRunning(csrs: CsrFile, rules: DvRules | undefined): rules is DvRules {
  return rules?.['vtimer.registers'] === 'csr' && csrs.stored(vtimectl) !== 0n;
}

function timerState(csrs: CsrFile, now: bigint): VirtualTimerState {
  return {
    compare: csrs.stored(vtimecmp),
    control: csrs.stored(vtimectl),
    now: csrs.guestTime(now),
  };
}
