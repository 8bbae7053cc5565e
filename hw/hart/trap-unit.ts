import type { DvRules } from '../dv-ext/index.ts';
import type { HartState, TrapSignal } from '../engine/index.ts';
import {
  bitsOf,
  hasExtension,
  hstatus,
  htinst,
  htval,
  hustatus,
  hutinst,
  hutval,
  INTERRUPT_BIT,
  isVirtual,
  mcause,
  mepc,
  modeOf,
  Privilege,
  mstatus,
  mtinst,
  mtval,
  mtval2,
  mtvec,
  reportsGuestAddress,
  scause,
  sepc,
  stval,
  stvec,
  ucause,
  uepc,
  utval,
  utvec,
  vscause,
  vsepc,
  vsstatus,
  vstval,
  vstvec,
  VS_INTERRUPTS,
} from '../isa/index.ts';
import type { Csr, Mode } from '../isa/index.ts';
import type { CsrFile } from './csr-file.ts';
import { routeException, routeInterrupt } from './trap-routing.ts';
import type { TrapTarget } from './trap-routing.ts';

/** What is known of an exception when it is taken. */
export type ExceptionReport = Pick<TrapSignal, 'cause' | 'tval' | 'gva' | 'gpa' | 'tinst'>;

/** A trap that has been taken. */
export interface TrapEntry {
  readonly from: Mode;
  readonly to: TrapTarget;
  readonly cause: number;
  readonly isInterrupt: boolean;
  readonly tval: bigint;
}

/** A trap return that has been carried out. */
export interface TrapReturn {
  readonly from: Mode;
  readonly to: Mode;
}

/** The instructions that return from a trap. */
export type ReturnInstruction = 'mret' | 'sret' | 'huret';

/** A trap on its way into the CSRs of its target. */
interface Trap extends ExceptionReport {
  readonly isInterrupt: boolean;
  readonly from: Mode;
  readonly pc: bigint;
}

/** Takes traps and returns from them: everything that happens to CSRs, privilege level, V and pc then. */
export class TrapUnit {
  readonly #state: HartState;
  readonly #csrs: CsrFile;
  readonly #rules: DvRules | undefined;

  constructor(state: HartState, csrs: CsrFile, rules: DvRules | undefined) {
    this.#state = state;
    this.#csrs = csrs;
    this.#rules = rules;
  }

  /** The mode that the hart is in. */
  get mode(): Mode {
    return modeOf(this.#state.privilege, this.#state.virtual);
  }

  /** Takes an exception, or the interrupt of a number; `state.pc` is what the trap is to report. */
  enter(source: ExceptionReport | number): TrapEntry {
    const from = this.mode;
    const isInterrupt = typeof source === 'number';
    const { cause, tval, gva, gpa, tinst } = isInterrupt ? interruptReport(source) : source;
    const route = isInterrupt ? routeInterrupt : routeException;
    const to = route(cause, from, this.#csrs, this.#rules);
    const trap = { cause, tval, gva, gpa, tinst, isInterrupt, from, pc: this.#state.pc };
    if (to === 'M') this.#enterM(trap);
    else if (to === 'HS') this.#enterHS(trap);
    else if (to === 'HU') this.#enterHU(trap);
    else this.#enterVS(trap);
    return { from, to, cause, isInterrupt, tval };
  }

  /** Carries out a trap return that the instruction's guard allows. */
  returnFrom(instruction: ReturnInstruction): TrapReturn {
    const from = this.mode;
    if (instruction === 'mret') this.#returnFromM();
    else if (instruction === 'huret') this.#returnFromHU();
    else if (isVirtual(from)) this.#returnFromVS();
    else this.#returnFromHS();
    return { from, to: this.mode };
  }

  #enterM(trap: Trap): void {
    const { isInterrupt, from, gva } = trap;
    const csrs = this.#csrs;
    csrs.setFields(mstatus, {
      mpp: BigInt(this.#state.privilege),
      mpv: isVirtual(from),
      gva,
      mpie: csrs.field(mstatus, 'mie'),
      mie: 0n,
    });
    this.#report(trap, mepc, mcause, mtval);
    if (hasExtension(csrs.features, 'h')) {
      if (this.#writesAddress(trap)) csrs.write(mtval2, guestAddress(trap));
      else csrs.write(mtval2, csrs.stored(htval));
      csrs.write(mtinst, this.#reportedInstruction(trap));
    }
    this.#go(Privilege.M, false, this.#vector(mtvec, isInterrupt ? trap.cause : undefined));
  }

  #enterHS(trap: Trap): void {
    const { isInterrupt, from, gva } = trap;
    const csrs = this.#csrs;
    const { privilege } = this.#state;
    csrs.setFields(mstatus, {
      spp: BigInt(privilege),
      spie: csrs.field(mstatus, 'sie'),
      sie: 0n,
    });
    this.#report(trap, sepc, scause, stval);
    if (hasExtension(csrs.features, 'h')) {
      const spv = isVirtual(from);
      csrs.setFields(hstatus, { spv, gva, ...(spv ? { spvp: BigInt(privilege) } : {}) });
      if (this.#writesAddress(trap)) csrs.write(htval, guestAddress(trap));
      csrs.write(htinst, this.#reportedInstruction(trap));
    }
    this.#go(Privilege.S, false, this.#vector(stvec, isInterrupt ? trap.cause : undefined));
  }

  #enterHU(trap: Trap): void {
    const { isInterrupt, from, gva } = trap;
    const csrs = this.#csrs;
    const spv = isVirtual(from);
    const writesSpvp = spv || this.#rules?.exitSpvp === 'overwritten';
    csrs.setFields(hustatus, {
      spv,
      gva,
      ...(writesSpvp ? { spvp: BigInt(this.#state.privilege) } : {}),
      // The RTL saves mstatus.UIE, a bit that nothing sets.
      upie: this.#rules?.upie === 'mstatus' ? 0n : csrs.field(hustatus, 'uie'),
      uie: 0n,
    });
    this.#report(trap, uepc, ucause, utval);
    if (this.#writesAddress(trap)) csrs.write(hutval, guestAddress(trap));
    csrs.write(hutinst, this.#reportedInstruction(trap));
    this.#go(Privilege.U, false, this.#vector(utvec, isInterrupt ? trap.cause : undefined));
  }

  #enterVS(trap: Trap): void {
    const { cause, isInterrupt } = trap;
    const csrs = this.#csrs;
    csrs.setFields(vsstatus, {
      spp: BigInt(this.#state.privilege),
      spie: csrs.field(vsstatus, 'sie'),
      sie: 0n,
    });
    // The guest knows VS-level interrupts by the numbers of the S-level ones.
    const isTranslated = isInterrupt && (VS_INTERRUPTS & bitsOf(cause)) !== 0n;
    const seen = isTranslated ? cause - 1 : cause;
    this.#report({ ...trap, cause: seen }, vsepc, vscause, vstval);
    const indexes = this.#rules?.guestVector === 'untranslated' ? cause : seen;
    this.#go(Privilege.S, true, this.#vector(vstvec, isInterrupt ? indexes : undefined));
  }

  #returnFromM(): void {
    const csrs = this.#csrs;
    const privilege = Number(csrs.field(mstatus, 'mpp'));
    const virtual = privilege !== Privilege.M && csrs.field(mstatus, 'mpv') !== 0n;
    csrs.setFields(mstatus, {
      mie: csrs.field(mstatus, 'mpie'),
      mpie: 1n,
      mpp: BigInt(Privilege.U),
      mpv: 0n,
      ...(privilege === Privilege.M ? {} : { mprv: 0n }),
    });
    this.#go(privilege, virtual, csrs.stored(mepc));
  }

  #returnFromHS(): void {
    const csrs = this.#csrs;
    const privilege = Number(csrs.field(mstatus, 'spp'));
    const virtual = csrs.field(hstatus, 'spv') !== 0n;
    csrs.setFields(mstatus, {
      sie: csrs.field(mstatus, 'spie'),
      spie: 1n,
      spp: 0n,
      mprv: 0n,
    });
    csrs.setFields(hstatus, { spv: 0n });
    this.#go(privilege, virtual, csrs.stored(sepc));
  }

  #returnFromVS(): void {
    const csrs = this.#csrs;
    const privilege = Number(csrs.field(vsstatus, 'spp'));
    csrs.setFields(vsstatus, { sie: csrs.field(vsstatus, 'spie'), spie: 1n, spp: 0n });
    csrs.setFields(mstatus, { mprv: 0n });
    this.#go(privilege, true, csrs.stored(vsepc));
  }

  #returnFromHU(): void {
    const csrs = this.#csrs;
    const virtual = csrs.field(hustatus, 'spv') !== 0n;
    const followsSpvp = virtual || this.#rules?.huretPrivilege === 'previous';
    const privilege = followsSpvp ? Number(csrs.field(hustatus, 'spvp')) : Privilege.U;
    csrs.setFields(hustatus, {
      uie: csrs.field(hustatus, 'upie'),
      upie: 1n,
      spv: 0n,
      ...(this.#rules?.huretSpvp === 'cleared' ? { spvp: 0n } : {}),
    });
    csrs.setFields(mstatus, { mprv: 0n });
    this.#go(privilege, virtual, csrs.stored(uepc));
  }

  #report(trap: Trap, epc: Csr, cause: Csr, tval: Csr): void {
    this.#csrs.write(epc, trap.pc);
    this.#csrs.write(cause, BigInt(trap.cause) | (trap.isInterrupt ? INTERRUPT_BIT : 0n));
    this.#csrs.write(tval, trap.tval);
  }

  #writesAddress({ cause, isInterrupt }: Trap): boolean {
    if (this.#rules?.guestAddress !== 'bit-4-causes') return true;
    return !isInterrupt && (cause & 0x10) !== 0;
  }

  // Without transformed instructions, only what tells an implicit access apart is required (priv 18.6.3).
  #reportedInstruction({ tinst }: Trap): bigint {
    const isPseudoinstruction = (tinst & 3n) === 0n;
    return this.#rules?.tinst === 'on' || isPseudoinstruction ? tinst : 0n;
  }

  #vector(tvec: Csr, interrupt: number | undefined): bigint {
    const word = this.#csrs.stored(tvec);
    const base = word & ~3n;
    const isVectored = (word & 1n) !== 0n && interrupt !== undefined;
    return BigInt.asUintN(64, isVectored ? base + 4n * BigInt(interrupt) : base);
  }

  #go(privilege: number, virtual: boolean, pc: bigint): void {
    this.#state.privilege = privilege;
    this.#state.virtual = virtual;
    this.#state.pc = pc;
  }
}

function guestAddress({ cause, isInterrupt, gpa }: Trap): bigint {
  return !isInterrupt && reportsGuestAddress(cause) ? gpa >> 2n : 0n;
}

function interruptReport(cause: number): ExceptionReport {
  return { cause, tval: 0n, gva: false, gpa: 0n, tinst: 0n };
}
