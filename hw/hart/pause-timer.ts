import { mcountinhibit, mcycle } from '../isa/index.ts';
import type { CsrFile } from './csr-file.ts';

/**
 * Says how long a PAUSE keeps what follows in decode: until `mcycle` is a multiple of a period, and not at all while that stands
 * still (rocket-chip, `RocketCore.scala`, id_reg_pause).
 */
export class PauseTimer {
  readonly #csrs: Pick<CsrFile, 'stored'>;
  readonly #period: bigint;

  constructor(csrs: Pick<CsrFile, 'stored'>, period: number) {
    this.#csrs = csrs;
    this.#period = BigInt(period);
  }

  /** Cycles until `mcycle` is a multiple of the period, seen from one that is so many ahead of the hart's; may be none. */
  untilWrap(ahead: number): number {
    if ((this.#csrs.stored(mcountinhibit) & 1n) !== 0n) return 0;
    const count = this.#csrs.stored(mcycle) + BigInt(ahead);
    const passed = ((count % this.#period) + this.#period) % this.#period;
    return passed === 0n ? 0 : Number(this.#period - passed);
  }
}
