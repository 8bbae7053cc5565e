import type { DvRules } from '../dv-ext/index.ts';
import { type HartState, hartStateOffsets, type TrapSignal } from '../engine/index.ts';
import { type Csr, hasExtension, type Mode, reportsGuestAddress } from '../isa/index.ts';
import type { CsrFile } from './csr-file.ts';
import { EVERY_BIT, RegisterPort } from './csr-port.ts';

/** What is known of an exception when it is taken. */
export type ExceptionReport = Pick<TrapSignal, 'cause' | 'tval' | 'gva' | 'gpa' | 'tinst'>;

/** What the levels of a hart are made of. */
export interface TrapLevelPorts {
  readonly state: HartState;
  readonly csrs: CsrFile;
  readonly rules: DvRules | undefined;
}

/** The CSRs in which every trap to a level is reported, and the vector that it follows. */
export interface TrapCsrs {
  readonly epc: Csr;
  readonly cause: Csr;
  readonly tval: Csr;
  readonly tvec: Csr;
}

const INTERRUPT_HIGH_BIT = 0x8000_0000;
const HIGH = 2 ** 32;
const VECTOR_MODE = 3;
const VECTORED = 1;
const BYTES_PER_VECTOR = 4;

/** A level that traps go to and are returned from: its registers, and what happens to them. */
export abstract class TrapLevel {
  protected readonly state: HartState;
  protected readonly csrs: CsrFile;
  protected readonly rules: DvRules | undefined;
  protected readonly hasHypervisor: boolean;
  readonly #pc: RegisterPort;
  readonly #epc: RegisterPort;
  readonly #cause: RegisterPort;
  readonly #tval: RegisterPort;
  readonly #tvec: RegisterPort;

  constructor({ state, csrs, rules }: TrapLevelPorts, { epc, cause, tval, tvec }: TrapCsrs) {
    const { buffer, byteOffset } = state.x;
    const pcOffset = byteOffset - hartStateOffsets.x + hartStateOffsets.pc;
    this.state = state;
    this.csrs = csrs;
    this.rules = rules;
    this.hasHypervisor = hasExtension(csrs.features, 'h');
    this.#pc = new RegisterPort(buffer, pcOffset, EVERY_BIT);
    this.#epc = csrs.registerPort(epc);
    this.#cause = csrs.registerPort(cause);
    this.#tval = csrs.registerPort(tval);
    this.#tvec = csrs.registerPort(tvec);
  }

  /** Takes a trap from a mode; `state.pc` is what it reports. */
  abstract enter(report: ExceptionReport, isInterrupt: boolean, from: Mode): void;

  /** Returns from the last trap. */
  abstract leave(): void;

  /** Notes where and why the trap happened. */
  protected report(code: number, isInterrupt: boolean, tval: bigint): void {
    this.#epc.copy(this.#pc);
    this.#cause.set(isInterrupt ? INTERRUPT_HIGH_BIT : 0, code);
    this.#tval.value = tval;
  }

  /** Goes on at the trap vector; with V=0 unless `virtual`. */
  protected follow(privilege: number, virtual: boolean, interrupt: number | undefined): void {
    const { high, low } = this.#tvec;
    const base = (low & ~VECTOR_MODE) >>> 0;
    const isVectored = (low & VECTORED) !== 0 && interrupt !== undefined;
    const target = isVectored ? base + BYTES_PER_VECTOR * interrupt : base;
    this.#pc.set(target >= HIGH ? high + 1 : high, target);
    this.#enterMode(privilege, virtual);
  }

  /** Goes back to where the trap was taken. */
  protected resume(privilege: number, virtual: boolean): void {
    this.#pc.copy(this.#epc);
    this.#enterMode(privilege, virtual);
  }

  /** Writes the guest physical address of a trap, shifted down by 2, or 0. */
  protected reportAddress(
    port: RegisterPort,
    { cause, gpa }: ExceptionReport,
    isInterrupt: boolean,
  ): void {
    if (!isInterrupt && reportsGuestAddress(cause)) port.value = gpa >> 2n;
    else port.set(0, 0);
  }

  /** Whether a trap changes the register of the guest physical address. */
  protected reportsAddress({ cause }: ExceptionReport, isInterrupt: boolean): boolean {
    if (this.rules?.guestAddress !== 'bit-4-causes') return true;
    return !isInterrupt && (cause & 0x10) !== 0;
  }

  // Without transformed instructions, only what tells an implicit access apart is required (priv 18.6.3).
  protected reportInstruction(port: RegisterPort, { tinst }: ExceptionReport): void {
    if (tinst !== 0n && (this.rules?.tinst === 'on' || (tinst & 3n) === 0n)) port.value = tinst;
    else port.set(0, 0);
  }

  #enterMode(privilege: number, virtual: boolean): void {
    this.state.privilege = privilege;
    this.state.virtual = virtual;
  }
}
