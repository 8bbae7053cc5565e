import { floatSlots, type HartState } from '../engine/index.ts';
import {
  type Csr,
  type Decoded,
  fcsr,
  fflags,
  frm,
  hvip,
  mip,
  mstatus,
  underlying,
  vsstatus,
} from '../isa/index.ts';

const FLAGS = fflags.mask;

/** Watches what one instruction does to floating-point state besides its register: flags that it raises, `FS` that it dirties. */
export class FloatTrace {
  readonly #state: HartState;
  readonly #accrued: bigint | undefined;
  readonly #mstatus: bigint;
  readonly #vsstatus: bigint;
  #raised = 0n;

  /**
   * Begins with the instruction. The accrued flags are cleared while a floating-point instruction executes, so that those it
   * raises can be told from those that were there; it does not read them.
   */
  constructor(state: HartState, { instruction }: Decoded) {
    const { csr } = state;
    this.#state = state;
    this.#mstatus = csr[floatSlots.mstatus] ?? 0n;
    this.#vsstatus = csr[floatSlots.vsstatus] ?? 0n;
    if (instruction.extension !== 'f' && instruction.extension !== 'd') return;
    this.#accrued = csr[floatSlots.fcsr] ?? 0n;
    csr[floatSlots.fcsr] = this.#accrued & ~FLAGS;
  }

  /** Ends with the instruction, whether it retired or not. */
  end(): void {
    if (this.#accrued === undefined) return;
    const { csr } = this.#state;
    this.#raised = (csr[floatSlots.fcsr] ?? 0n) & FLAGS;
    csr[floatSlots.fcsr] = this.#accrued | this.#raised;
  }

  /** The CSRs that the instruction changed on the side, if it was told to write `written`. */
  changed(written: Csr | undefined): readonly Csr[] {
    const raises = this.#raised === 0n ? [] : [fflags];
    const isFloat = this.#accrued !== undefined || isFloatCsr(written);
    return isFloat ? [...raises, ...this.#dirtied()] : raises;
  }

  #dirtied(): readonly Csr[] {
    const { csr } = this.#state;
    return [
      ...(csr[floatSlots.mstatus] === this.#mstatus ? [] : [mstatus]),
      ...(csr[floatSlots.vsstatus] === this.#vsstatus ? [] : [vsstatus]),
    ];
  }
}

function isFloatCsr(csr: Csr | undefined): boolean {
  return csr === fcsr || csr === fflags || csr === frm;
}

/** The CSRs that Spike names for a write of one: `fcsr` is its two parts, `hvip` is kept beside `mip`. */
export function loggedAs(csr: Csr): readonly Csr[] {
  if (csr === fcsr) return [fflags, frm];
  if (csr === hvip) return [mip, hvip];
  return [isFloatCsr(csr) ? csr : underlying(csr)];
}
