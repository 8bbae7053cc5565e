import type { DvRules } from '../dv-ext/index.ts';
import { bitsOf, hgeie, hgeip, hstatus, Interrupt } from '../isa/index.ts';
import type { InterruptName } from '../isa/index.ts';
import type { Checkpointed } from '../kernel/index.ts';
import type { CsrFile } from './csr-file.ts';
import { isAnyTimerRunning, timerInterrupts } from './timer-compare.ts';

/** Lines as a checkpoint keeps them. */
export interface SavedLines {
  readonly lines: number;
  readonly guestExternal: bigint;
}

/** The interrupt lines that end at one hart, and what its timers add to them. All their numbers are below 32. */
export class InterruptLines implements Checkpointed<SavedLines> {
  #lines = 0;
  #guestExternal = 0n;

  /** Raises or lowers a line; returns whether that changed it. */
  set(line: InterruptName, level: boolean): boolean {
    const before = this.#lines;
    const bit = 1 << Interrupt[line];
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

  save(): SavedLines {
    return { lines: this.#lines, guestExternal: this.#guestExternal };
  }

  restore({ lines, guestExternal }: SavedLines): void {
    this.#lines = lines;
    this.#guestExternal = guestExternal;
  }

  /** Bits of `hgeip`. */
  get guestExternal(): bigint {
    return this.#guestExternal;
  }

  /** Bits of `mip` that hardware drives while `mtime` is what `readTime` says (priv 18.2.3, duvisor 5). */
  pending(csrs: CsrFile, readTime: () => bigint, rules: DvRules | undefined): number {
    let pending = this.#lines;
    if (this.#guestExternal !== 0n) pending |= Number(this.#guestExternalPending(csrs));
    return isAnyTimerRunning(csrs, rules)
      ? pending | Number(timerInterrupts(csrs, readTime(), rules))
      : pending;
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
