import type { DvRules } from '../dv-ext/index.ts';
import { type HartState, markFloatDirty } from '../engine/index.ts';
import { type CsrEffect, hstatus, type Mode, modeLabel, type ModeLabel } from '../isa/index.ts';
import type { Pmp } from '../pmc/index.ts';
import type { CsrFile } from './csr-file.ts';
import type { CycleAccount } from './cycle-account.ts';
import type { HartTimers } from './hart-timers.ts';
import type { FieldPort } from './csr-port.ts';
import type { Mmu, TranslationState } from './mmu/index.ts';
import type { PostingPort } from './posting-port.ts';
import { programPmp, vmNumber } from './translation-state.ts';
import type { TrapUnit } from './trap-unit.ts';

/** The parts of a hart that keep something derived from CSRs and mode. */
export interface DerivedStatePorts {
  readonly state: HartState;
  readonly csrs: CsrFile;
  /** What translation depends on, as it is now. */
  readonly translation: TranslationState;
  readonly rules: DvRules | undefined;
  readonly trapUnit: TrapUnit;
  readonly mmu: Mmu;
  readonly pmp: Pmp;
  readonly account: CycleAccount;
  readonly timers: HartTimers;
  /** The way to the posted-interrupt unit, where there is one. */
  readonly posting: PostingPort | undefined;
}

/** What a hart derives from its CSRs and mode, brought up to date only when a write has outdated it. */
export class DerivedState {
  /** Whether an interrupt may have become pending, enabled or unmasked since somebody looked. */
  interruptsAreStale = true;
  readonly #ports: DerivedStatePorts;
  readonly #hu: FieldPort;
  #mode: Mode = 'M';
  #modeIsStale = true;
  #translationIsStale = true;
  #protectionIsStale = true;
  #timersAreStale = true;
  #isCompareWritten = false;
  #postingIsStale = false;

  constructor(ports: DerivedStatePorts) {
    this.#ports = ports;
    this.#hu = ports.csrs.fieldPort(hstatus, 'hu');
  }

  /** The mode, as of the last `settle`. */
  get mode(): Mode {
    return this.#mode;
  }

  /** The mode under its label: U is HU while `hstatus.HU` is set. */
  get label(): ModeLabel {
    return this.labelOf(this.#mode);
  }

  /** A mode under its label. */
  labelOf(mode: Mode): ModeLabel {
    return modeLabel(mode, this.#ports.rules !== undefined && this.#hu.isSet);
  }

  /** Notes what a CSR write may have outdated. */
  outdate(effects: readonly CsrEffect[]): void {
    for (const effect of effects) {
      if (effect === 'translation') this.#translationIsStale = true;
      else if (effect === 'protection') this.#protectionIsStale = true;
      else if (effect === 'interrupts') this.interruptsAreStale = true;
      else if (effect === 'timer') this.#timersAreStale = true;
      else if (effect === 'guestTimerCompare') this.#isCompareWritten = true;
      else if (effect === 'posting') this.#postingIsStale = true;
      else markFloatDirty(this.#ports.state);
    }
  }

  /** Notes that the mode may have changed, or what a trap and a return from it change in the status registers. */
  outdateMode(): void {
    this.#modeIsStale = true;
    this.interruptsAreStale = true;
  }

  /** Works everything out anew after registers and CSRs were restored; the timers are restored on their own. */
  restored(): void {
    this.outdateMode();
    this.outdate(['translation', 'protection']);
    this.#timersAreStale = false;
    this.#isCompareWritten = false;
    this.#postingIsStale = false;
    this.#ports.posting?.reset();
    this.settle();
  }

  /** Follows to a mode that generated code went to, which it does only while no interrupt is pending. */
  follow(): void {
    const { interruptsAreStale } = this;
    this.outdateMode();
    this.settle();
    this.interruptsAreStale = interruptsAreStale;
  }

  /** Brings everything up to date. */
  settle(): void {
    const { csrs, trapUnit, translation, mmu, pmp, account, timers, posting } = this.#ports;
    const { mode } = trapUnit;
    if (mode !== this.#mode) {
      this.#mode = mode;
      this.outdateMode();
    }
    if (this.#protectionIsStale) {
      this.#protectionIsStale = false;
      programPmp(pmp, csrs);
    }
    if (this.#modeIsStale || this.#translationIsStale) {
      // No trap changes where the tables are.
      mmu.enter(translation, this.#translationIsStale);
      account.enter(this.label);
      if (this.#translationIsStale) account.vms.serve(vmNumber(translation.vmid));
      this.#modeIsStale = false;
      this.#translationIsStale = false;
    }
    if (this.#timersAreStale) {
      const isCompareWritten = this.#isCompareWritten;
      this.#timersAreStale = false;
      this.#isCompareWritten = false;
      timers.arm(isCompareWritten);
    }
    if (this.#postingIsStale) {
      this.#postingIsStale = false;
      posting?.tell();
    }
  }
}
