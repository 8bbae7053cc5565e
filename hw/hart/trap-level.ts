import type { DvRules } from '../dv-ext/index.ts';
import { type HartState, hartStateOffsets, type TrapSignal } from '../engine/index.ts';
import { type Csr, hasExtension, type Mode, reportsGuestAddress } from '../isa/index.ts';
import type { CsrWires } from './csr-file.ts';
import { EVERY_BIT, RegisterPort } from './csr-port.ts';

/** What is known of an exception when it is taken. */
export type ExceptionReport = Pick<TrapSignal, 'cause' | 'tval' | 'gva' | 'gpa' | 'tinst'>;

/** What the levels of a hart are made of. */
export interface TrapLevelPorts {
  readonly state: HartState;
  readonly csrs: CsrWires;
  readonly rules: DvRules | undefined;
  /** The wire to the pc, where it is not the usual one. */
  readonly pc?: RegisterPort;
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
const VECTOR_MODE_BITS = 2;
const VECTORED = 1;
const BYTES_PER_VECTOR = 4;

/** The wire to the pc of a hart. */
export function pcPort({ x }: HartState): RegisterPort {
  return new RegisterPort({
    buffer: x.buffer,
    address: x.byteOffset - hartStateOffsets.x + hartStateOffsets.pc,
    mask: EVERY_BIT,
    settable: EVERY_BIT,
    kept: 0n,
  });
}

/** A level that traps go to and are returned from: its registers, and what happens to them. */
export abstract class TrapLevel {
  protected readonly state: HartState;
  protected readonly csrs: CsrWires;
  protected readonly rules: DvRules | undefined;
  protected readonly hasHypervisor: boolean;
  readonly #pc: RegisterPort;
  readonly #epc: RegisterPort;
  readonly #cause: RegisterPort;
  readonly #tval: RegisterPort;
  readonly #tvec: RegisterPort;

  constructor(
    { state, csrs, rules, pc = pcPort(state) }: TrapLevelPorts,
    { epc, cause, tval, tvec }: TrapCsrs,
  ) {
    this.state = state;
    this.csrs = csrs;
    this.rules = rules;
    this.hasHypervisor = hasExtension(csrs.features, 'h');
    this.#pc = pc;
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
    this.#tval.put(tval);
  }

  /** Goes on at the trap vector; with V=0 unless `virtual`. */
  protected follow(privilege: number, virtual: boolean, interrupt: number | undefined): void {
    if (interrupt === undefined) this.#pc.copy(this.#tvec, VECTOR_MODE_BITS);
    else this.#followVector(interrupt);
    this.#enterMode(privilege, virtual);
  }

  #followVector(interrupt: number): void {
    const { high, low } = this.#tvec;
    const base = (low & -(2 ** VECTOR_MODE_BITS)) >>> 0;
    const target = (low & VECTORED) === 0 ? base : base + BYTES_PER_VECTOR * interrupt;
    this.#pc.set(target >= HIGH ? high + 1 : high, target);
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
    if (!isInterrupt && reportsGuestAddress(cause)) port.put(gpa >> 2n);
    else port.set(0, 0);
  }

  /** Whether a trap changes the register of the guest physical address. */
  protected reportsAddress({ cause }: ExceptionReport, isInterrupt: boolean): boolean {
    if (this.rules?.guestAddress !== 'bit-4-causes') return true;
    return !isInterrupt && (cause & 0x10) !== 0;
  }

  // Without transformed instructions, only what tells an implicit access apart is required (priv 18.6.3).
  protected reportInstruction(port: RegisterPort, { tinst }: ExceptionReport): void {
    if (tinst !== 0n && (this.rules?.tinst === 'on' || (tinst & 3n) === 0n)) port.put(tinst);
    else port.set(0, 0);
  }

  #enterMode(privilege: number, virtual: boolean): void {
    this.state.privilege = privilege;
    this.state.virtual = virtual;
  }
}
