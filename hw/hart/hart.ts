import { type HartState, TrapSignal } from '../engine/index.ts';
import { type InterruptName, mie, mip, type ModeLabel, Privilege } from '../isa/index.ts';
import type { MmioTarget, Runner } from '../kernel/index.ts';
import type { Pmp } from '../pmc/index.ts';
import { mechanismNumber } from '../timing/index.ts';
import { AGAIN } from './compiled-execution.ts';
import type { CsrFile } from './csr-file.ts';
import type { CycleAccount } from './cycle-account.ts';
import type { ExitRecorder } from './exits/exit-recorder.ts';
import type { FinishedExit, ProbedStep } from './exits/exit-steps.ts';
import { HartCheckpoint } from './hart-checkpoint.ts';
import type { HartOptions, HartPorts } from './hart-options.ts';
import { type HartParts, makeHartParts } from './hart-parts.ts';
import type { Labels } from './labels.ts';
import type { Mmu } from './mmu/index.ts';
import type { Follower, Observers, RetiredInstruction } from './observers.ts';
import type { HartStatus, TrapRecord } from './progress.ts';
import { TurnTaker } from './turn-taker.ts';

const { wait } = mechanismNumber;

/** One hart: lets the scheduler run its parts. Software sees it through memory, the machine through its lines. */
export class Hart implements Runner, Observers {
  /** Registers, in the machine's memory. */
  readonly state: HartState;
  readonly csrs: CsrFile;
  readonly mmu: Mmu;
  readonly pmp: Pmp;
  /** Where the cycles went. */
  readonly account: CycleAccount;
  /** Every VM exit that this hart took. */
  readonly exits: ExitRecorder;
  /** Where exit handlers announce a step: virtual addresses in HU mode. */
  readonly probes: Map<number, ProbedStep>;
  /** Places that `onLabel` is told of; complete before the hart runs. */
  readonly labels: Labels;
  /** What a checkpoint keeps of it. */
  readonly checkpoint: HartCheckpoint;
  /** Its guest timer, for an interruptor that has it in its memory. */
  readonly guestTimer: MmioTarget;
  /** What takes turns with other harts in generated code; absent where there is none. */
  readonly turns: TurnTaker | undefined;
  follower: Follower | undefined;
  commitLog: ((line: string) => void) | undefined;
  onRetire: ((retired: RetiredInstruction) => void) | undefined;
  onTrap: ((trap: TrapRecord) => void) | undefined;
  onLabel: ((name: string) => void) | undefined;
  instructionLimit: { readonly count: number; readonly reached: () => void } | undefined;

  readonly #options: HartOptions;
  readonly #ports: HartPorts;
  readonly #parts: HartParts;
  #boundCycle = 0;
  #tracesExits = false;

  constructor(options: HartOptions, ports: HartPorts) {
    this.#options = options;
    this.#ports = ports;
    const parts = makeHartParts(options, ports, {
      observers: this,
      now: () => this.#now(),
      wake: (tick) => {
        this.wake(tick);
      },
      endTurn: () => {
        this.#boundCycle = this.state.cycle;
      },
    });
    this.#parts = parts;
    this.state = parts.state;
    this.csrs = parts.csrs;
    this.mmu = parts.mmu;
    this.pmp = parts.pmp;
    this.account = parts.account;
    this.exits = parts.exits;
    this.probes = parts.probes;
    this.labels = parts.labels;
    this.guestTimer = parts.guestTimer;
    const { memoryOffset, reservations, compiled: code } = ports;
    const { state, core, late, compiled } = parts;
    this.turns = compiled && new TurnTaker({ ...parts, id: this.id, memoryOffset, compiled, late });
    const { lines, timers, progress, exits } = parts;
    this.checkpoint = new HartCheckpoint({
      ...{ ...parts, memoryOffset, reservations, timing: options.timing },
      inStages: options.pipeline === 'stages',
      parts: {
        ...(core && { core }),
        ...{ lines, late, timers, tlb: parts.mmu.tlb, progress, exits, vms: parts.account.vms },
      },
      forgetCode: () => {
        code?.pages.flush();
        parts.interrupts.isQuiet = false;
      },
    });
    reservations.add(state);
    this.reset(0n);
  }

  /** The hart's number. */
  get id(): number {
    return this.#options.features.hartId;
  }

  get localTime(): number {
    return this.state.cycle * this.#options.ticksPerCycle;
  }

  get isWaiting(): boolean {
    return this.#parts.instructions.isWaiting;
  }

  /** The mode under its label: U is HU while `hstatus.HU` is set. */
  get mode(): ModeLabel {
    return this.#parts.derived.label;
  }

  /** What the hart is doing, for watchdogs and debuggers. */
  get status(): HartStatus {
    const { pc, cycle, instret } = this.state;
    const { lastTrap, trapsInARow, selfLoopCount } = this.#parts.progress;
    return {
      id: this.id,
      mode: this.mode,
      pc,
      cycle,
      instret,
      isWaiting: this.isWaiting,
      enabled: this.csrs.stored(mie),
      pending: this.csrs.read(mip),
      lastTrap,
      trapsInARow,
      selfLoopCount,
    };
  }

  /**
   * Lets somebody follow every instruction and every cycle from now on. Instructions are then executed one by one, with the same
   * results in the same cycles.
   */
  follow(follower: Follower): void {
    this.follower = follower;
    this.#listenToCycles();
  }

  /** Tells somebody of every VM exit that begins from now on, when it ends; instructions are executed one by one for it. */
  traceExits(told: (exit: FinishedExit) => void): void {
    this.exits.watch({ leafCount: this.account.tree.leaves.length, told });
    this.#tracesExits = true;
    this.#listenToCycles();
  }

  #listenToCycles(): void {
    const { account, exits, follower, state } = this;
    const tracesExits = this.#tracesExits;
    account.onCharge = (leaf, cycles) => {
      follower?.charged(leaf, cycles);
      if (tracesExits) exits.charged(state.cycle - cycles, leaf, cycles);
    };
  }

  /** Power-on: M mode at `pc`, registers and counters zero, nothing cached. Line levels stay as they are driven. */
  reset(pc: bigint): void {
    const { state } = this;
    const { posting, pipeline, core, late, memoryTiming, progress, instructions, derived } =
      this.#parts;
    state.x.fill(0n);
    state.f.fill(0n);
    state.pc = pc;
    state.cycle = 0;
    state.instret = 0;
    state.privilege = Privilege.M;
    state.virtual = false;
    this.#ports.reservations.release(state);
    this.csrs.reset();
    posting?.reset();
    this.mmu.tlb.flush();
    this.#ports.compiled?.pages.flush();
    pipeline.reset();
    core?.reset();
    late.reset();
    memoryTiming?.reset();
    progress.reset();
    this.exits.reset();
    this.account.reset();
    instructions.isWaiting = false;
    derived.outdateMode();
    derived.outdate(['translation', 'protection', 'timer']);
    derived.settle();
  }

  /** An interrupt line is at a level, at once. */
  tieLine(line: InterruptName, level: boolean): void {
    const { lines, derived } = this.#parts;
    if (lines.set(line, level)) derived.interruptsAreStale = true;
  }

  /** Raises or lowers an interrupt line at a tick, which the hart may have passed in the middle of an instruction. */
  setLine(line: InterruptName, level: boolean, tick: number): void {
    const { core, late } = this.#parts;
    const { interruptDelay } = this.#options.timing;
    if ((core !== undefined || interruptDelay > 0) && !this.isWaiting) {
      const cycle = this.#cycleAt(tick);
      // In stages the cycle of a hart is the one behind a commit, with rules that of the next one.
      const changed = core?.cycleOfChange(cycle) ?? cycle - 1;
      late.change(line, level, changed + interruptDelay);
    } else this.tieLine(line, level);
  }

  /** Raises or lowers the line of a guest external interrupt, numbered from 1. */
  setGuestExternalLine(number: number, level: boolean): void {
    const { lines, derived } = this.#parts;
    if (lines.setGuestExternal(number, level)) derived.interruptsAreStale = true;
  }

  /** Takes over a virtual IPI from the posted-interrupt unit: it stays pending until the guest clears it. */
  takeVirtualIpi(tick: number): void {
    this.csrs.setFields(mip, { vssip: true });
    this.wake(tick);
  }

  runUntil(tick: number): void {
    const { derived, system, memory, traps } = this.#parts;
    this.#boundCycle = this.#cycleAt(tick);
    // Registers may have been changed from outside since the last slice.
    derived.settle();
    while (this.state.cycle < this.#boundCycle && !this.isWaiting) {
      try {
        this.#runFreely();
      } catch (signal) {
        if (!(signal instanceof TrapSignal)) throw signal;
        system.clear();
        memory.splitAddress = undefined;
        traps.exception(signal);
      }
    }
  }

  shorten(tick: number): void {
    this.#boundCycle = Math.min(this.#boundCycle, this.#cycleAt(tick));
  }

  wake(tick: number): void {
    if (!this.isWaiting) return;
    const waited = this.#cycleAt(tick) - this.state.cycle;
    // The time until now has been waited whatever comes of it, and a timer can only be judged at the present.
    if (waited > 0) this.account.charge(wait, waited);
    const { interrupts, instructions, derived } = this.#parts;
    if (!interrupts.endsWait) return;
    instructions.isWaiting = false;
    derived.interruptsAreStale = true;
  }

  /** Runs until the bound, a wait or an exception. */
  #runFreely(): void {
    const { state, derived, instructions, compiled, late, pipeline } = this.#parts;
    const cycle = (): number => state.cycle;
    while (state.cycle < this.#boundCycle && !instructions.isWaiting) {
      if (late.interrupts(cycle, this.#boundCycle)) derived.interruptsAreStale = true;
      if (state.cycle >= this.#boundCycle) break;
      if (derived.interruptsAreStale && !late.holdsBack && this.#takesInterrupt()) continue;
      // While a line is on its way it is looked at after each instruction.
      const bound = late.arePending ? state.cycle + 1 : this.#boundCycle;
      // What meets an access past the caches waits for more than generated code knows of.
      const isPlain = !pipeline.pending.isUnderWay(state.cycle);
      const word = isPlain ? compiled?.run(bound - state.cycle) : undefined;
      if (word !== AGAIN) instructions.step(word);
    }
  }

  #takesInterrupt(): boolean {
    const { derived, interrupts, traps } = this.#parts;
    const { pcHigh, pcLow } = this.state;
    derived.interruptsAreStale = false;
    const interrupt = interrupts.next(derived.mode);
    if (interrupt === undefined) return false;
    this.follower?.begins(pcHigh, pcLow);
    traps.interrupt(interrupt);
    return true;
  }

  #cycleAt(tick: number): number {
    return Math.ceil(tick / this.#options.ticksPerCycle);
  }

  #now(): bigint {
    return this.#ports.timeAt(this.localTime);
  }
}
