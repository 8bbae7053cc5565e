import { mcountinhibit, mcycle } from '../isa/index.ts';
import type { CsrFile } from './csr-file.ts';

/**
 * Says how long a PAUSE keeps what follows in decode: until the low bits of `mcycle` are zero, and not at all while that stands
 * still (rocket-chip, `RocketCore.scala`, id_reg_pause).
 */
export class PauseTimer {
  readonly #csrs: Pick<CsrFile, 'stored'>;
  readonly #period: bigint;

  constructor(csrs: Pick<CsrFile, 'stored'>, bits: number) {
    this.#csrs = csrs;
    this.#period = 1n << BigInt(bits);
  }

  /** Cycles until the low bits are zero, seen from one that is so many ahead of the hart's; may be none. */
  untilWrap(ahead: number): number {
    if ((this.#csrs.stored(mcountinhibit) & 1n) !== 0n) return 0;
    const count = this.#csrs.stored(mcycle) + BigInt(ahead);
    const passed = ((count % this.#period) + this.#period) % this.#period;
    return passed === 0n ? 0 : Number(this.#period - passed);
  }
}
