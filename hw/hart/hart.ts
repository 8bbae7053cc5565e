import { HartState, LEAF_BYTES, TrapSignal } from '../engine/index.ts';
import { type InterruptName, mie, mip, type ModeLabel, Privilege } from '../isa/index.ts';
import type { Runner } from '../kernel/index.ts';
import { Pmp } from '../pmc/index.ts';
import {
  mechanismNumber,
  Pipeline,
  StateArea,
  uncachedExtra,
  walkCycles,
} from '../timing/index.ts';
import { CacheBlocks } from './cache-block.ts';
import { CommitTracer } from './commit-tracer.ts';
import { AGAIN, CompiledExecution } from './compiled-execution.ts';
import { CoreDriver } from './core-driver.ts';
import { CoreLocalPort } from './core-local-port.ts';
import { CsrFile } from './csr-file.ts';
import { CycleAccount } from './cycle-account.ts';
import { DecodeCache, Decoder } from './decode-cache.ts';
import { DerivedState } from './derived-state.ts';
import { DirectCsrs } from './direct-csrs.ts';
import { Execution } from './execution.ts';
import { ExitRecorder, type FinishedExit, type ProbedStep } from './exit-recorder.ts';
import { HartCheckpoint } from './hart-checkpoint.ts';
import { HartTimers } from './hart-timers.ts';
import {
  hartLayout,
  type HartOptions,
  type HartPorts,
  instructionAlignmentOf,
  pmcOptionsOf,
} from './hart-options.ts';
import { InstructionUnit } from './instruction-unit.ts';
import { Labels } from './labels.ts';
import { InterruptLines } from './interrupt-lines.ts';
import { InterruptSelection } from './interrupt-selection.ts';
import { LateLines } from './late-lines.ts';
import { MemoryAccess } from './memory-access.ts';
import { MemoryTiming } from './memory-timing.ts';
import { Mmu } from './mmu/index.ts';
import type { Follower, Observers, RetiredInstruction } from './observers.ts';
import { PostingPort } from './posting-port.ts';
import { type HartStatus, Progress, type TrapRecord } from './progress.ts';
import type { Reservations } from './reservations.ts';
import { SystemUnit } from './system-unit.ts';
import { TranslationWires } from './translation-state.ts';
import { raiseFault, TrapIntake } from './trap-intake.ts';
import { TrapUnit } from './trap-unit.ts';
import { TransitionBooks } from './transitions/transition-books.ts';
import { TransitionLearner } from './transitions/transition-learner.ts';
import { Transitions } from './transitions/transitions.ts';
import { TurnTaker } from './turn-taker.ts';

const { wait, uncached, misaligned } = mechanismNumber;
const WALK_1 = mechanismNumber['walk-stage-1'];
const WALK_2 = mechanismNumber['walk-stage-2'];

/**
 * One hart. This file is the schematic: it makes the parts, wires them, and lets the scheduler run them. Software sees the
 * hart through memory, the machine through its lines.
 */
export class Hart implements Runner, Observers {
  /** Registers, in the machine's memory. */
  readonly state: HartState;
  readonly csrs: CsrFile;
  readonly mmu: Mmu;
  readonly pmp: Pmp;
  /** Where the cycles went. */
  readonly account: CycleAccount;
  /** Every VM exit that this hart took. */
  readonly exits = new ExitRecorder();
  /** What a checkpoint keeps of it. */
  readonly checkpoint: HartCheckpoint;
  /** What takes turns with other harts in generated code; absent where there is none. */
  readonly turns: TurnTaker | undefined;
  /** Where exit handlers announce a step: virtual addresses in HU mode. */
  readonly probes = new Map<number, ProbedStep>();
  /** Places that `onLabel` is told of; complete before the hart runs. */
  readonly labels = new Labels();
  follower: Follower | undefined;
  commitLog: ((line: string) => void) | undefined;
  onRetire: ((retired: RetiredInstruction) => void) | undefined;
  onTrap: ((trap: TrapRecord) => void) | undefined;
  onLabel: ((name: string) => void) | undefined;
  instructionLimit: { readonly count: number; readonly reached: () => void } | undefined;

  readonly #options: HartOptions;
  readonly #ports: HartPorts;
  readonly #reservations: Reservations;
  readonly #lines = new InterruptLines();
  readonly #progress = new Progress();
  readonly #memory: MemoryAccess;
  readonly #system: SystemUnit;
  readonly #pipeline: Pipeline;
  readonly #core: CoreDriver | undefined;
  readonly #posting: PostingPort | undefined;
  readonly #late: LateLines;
  readonly #memoryTiming: MemoryTiming | undefined;
  readonly #derived: DerivedState;
  readonly #instructions: InstructionUnit;
  readonly #traps: TrapIntake;
  readonly #interrupts: InterruptSelection;
  readonly #compiled: CompiledExecution | undefined;
  #boundCycle = 0;
  #tracesExits = false;

  constructor(options: HartOptions, ports: HartPorts) {
    const { features, selection, timing, dvExt, pipeline: pipelineModel } = options;
    const inStages = pipelineModel === 'stages';
    const { memory: machine, memoryOffset, bus, reservations, compiled } = ports;
    const layout = hartLayout(timing);
    const { rules } = dvExt;
    const instructionAlignment = instructionAlignmentOf(selection);
    this.#options = options;
    this.#ports = ports;
    this.#reservations = reservations;
    const state = new HartState(machine.buffer, memoryOffset);
    this.#late = new LateLines((line, level) => {
      this.#lines.set(line, level);
    });
    const csrs: CsrFile = new CsrFile(state, features, {
      readTime: () => this.#now(),
      pendingLines: () => {
        this.#late.settle(state.cycle);
        return this.#lines.pending(csrs, () => this.#now(), rules);
      },
      guestExternalLines: () => this.#lines.guestExternal,
      cyclesOf: (mechanism) => account.cyclesOf(mechanism),
      // While the parts are being made there is nothing to outdate.
      onChange: (effects) => {
        derived.outdate(effects);
      },
    });
    const pmp = new Pmp(pmcOptionsOf(options));
    const account = new CycleAccount(state, machine.buffer, memoryOffset + layout.account);
    const trapUnit = new TrapUnit({ state, csrs, rules });
    const translation = new TranslationWires(state, csrs);
    const mmu: Mmu = new Mmu(
      {
        memory: machine,
        memoryOffset: memoryOffset + layout.translation,
        bus,
        pmp,
        setBits: (physical, bits) => memory.setBits(physical, bits),
        raise: (fault) => {
          const start = memory.splitAddress ?? fault.address;
          return raiseFault(fault, rules, instructions.current, start);
        },
        onWalk: (stage1Reads, stage2Reads) => {
          if (inStages || memoryTiming !== undefined) return;
          const { stage1, stage2 } = walkCycles(timing, stage1Reads, stage2Reads);
          account.charge(WALK_1, stage1);
          account.charge(WALK_2, stage2);
        },
        walkTiming: {
          cycles: (stage1Reads, stage2Reads) => walkCycles(timing, stage1Reads, stage2Reads),
          stage1Leaf: WALK_1 * LEAF_BYTES,
          stage2Leaf: WALK_2 * LEAF_BYTES,
        },
      },
      translation,
    );
    const decoder = new Decoder(selection);
    const pipeline: Pipeline = new Pipeline(
      timing,
      (word) => decoder.decode(word),
      machine.buffer,
      memoryOffset + layout.pipeline,
    );
    const memoryTiming: MemoryTiming | undefined =
      ports.core && !inStages
        ? new MemoryTiming({ state, account, pipeline, mmu, core: ports.core })
        : undefined;
    const memory: MemoryAccess = new MemoryAccess({
      state,
      memory: machine,
      bus,
      mmu,
      reservations,
      instructionAlignment,
      misaligned: options.misaligned,
      onWrite:
        (compiled ?? ports.codeWords) &&
        ((offset, bytes) => {
          compiled?.pages.written(offset, bytes);
          ports.codeWords?.written(offset, bytes);
        }),
      onReserve:
        compiled &&
        ((offset) => {
          compiled.dropLine(offset);
        }),
      onAccess: inStages
        ? (high, low, physical) => {
            core?.accessed(high, low, physical);
          }
        : undefined,
      onUncached: (latencyClass, direction) => {
        if (!inStages) account.charge(uncached, uncachedExtra(timing, latencyClass, direction));
      },
      onMisaligned: () => {
        account.charge(misaligned, timing.misalignedAccess);
      },
      timing: memoryTiming,
    });
    const core: CoreDriver | undefined = inStages
      ? new CoreDriver({
          state,
          account,
          bus,
          timing,
          memory,
          mmu,
          caches: ports.core,
          pmp,
          decode: (word) => decoder.decode(word),
          codeWords: ports.codeWords,
          paths: ports.paths && new StateArea(machine.buffer, ports.paths.offset),
          area: new StateArea(machine.buffer, memoryOffset + layout.core),
        })
      : undefined;
    const posting =
      ports.posted && rules?.['posting.interface'] === 'vitr'
        ? new PostingPort({
            ...{ unit: ports.posted, bus, csrs, account, timing },
            unknown: rules['posting.unknown'],
          })
        : undefined;
    const system = new SystemUnit({
      csrs,
      posting,
      trapUnit,
      mmu,
      cacheBlocks: new CacheBlocks({ mmu, pmp, bus, memory }),
      coreLocal: new CoreLocalPort(memory, this.id),
      hufence: rules?.hufence ?? 'precise',
      timing: core ?? memoryTiming,
    });
    const execution = new Execution(state, instructionAlignment, memory, system);
    const timers = new HartTimers({
      csrs,
      rules,
      now: () => this.#now(),
      tickOf: ports.tickOf,
      queue: ports.queue,
      onExpiry: (tick) => {
        derived.interruptsAreStale = true;
        this.wake(tick);
      },
    });
    const derived: DerivedState = new DerivedState({
      state,
      csrs,
      translation,
      rules,
      trapUnit,
      mmu,
      pmp,
      account,
      timers,
      posting,
    });
    const { exits, probes, labels } = this;
    const books = {
      timing: memoryTiming,
      state,
      mmu,
      pipeline,
      core,
      account,
      derived,
      reservations,
      exits,
    };
    const interrupts = new InterruptSelection(csrs, rules);
    const transitionBooks = new TransitionBooks({
      ...books,
      progress: this.#progress,
      observers: this,
    });
    const transitionOffset = memoryOffset + layout.transitions;
    const learner =
      compiled &&
      new TransitionLearner({
        ...{ state, csrs, rules, timing, memoryOffset, offset: transitionOffset },
        buffer: machine.buffer,
        environmentCallsRetire: options.environmentCallsRetire,
      });
    const traps = new TrapIntake({
      ...books,
      books: transitionBooks,
      trapUnit,
      environmentCallsRetire: options.environmentCallsRetire,
    });
    const instructions: InstructionUnit = new InstructionUnit({
      ...books,
      books: transitionBooks,
      learner,
      interrupts,
      trapUnit,
      traps,
      memory,
      decodeCache: new DecodeCache(decoder, pipeline, csrs, instructionAlignment),
      execution,
      system,
      probes,
      labels,
      progress: this.#progress,
      tracer: new CommitTracer({ hartId: this.id, state, csrs, memory, system, execution }),
      observers: this,
      onPause: () => {
        this.#boundCycle = state.cycle;
      },
    });
    this.state = state;
    this.csrs = csrs;
    this.mmu = mmu;
    this.pmp = pmp;
    this.account = account;
    this.#memory = memory;
    this.#system = system;
    this.#pipeline = pipeline;
    this.#core = core;
    this.#posting = posting;
    this.#memoryTiming = memoryTiming;
    this.#derived = derived;
    this.#instructions = instructions;
    this.#interrupts = interrupts;
    const { buffer } = machine;
    const directCsrs =
      compiled && new DirectCsrs({ state, csrs, buffer, offset: memoryOffset + layout.csrs });
    this.#compiled =
      compiled &&
      learner &&
      directCsrs &&
      new CompiledExecution({
        ...books,
        code: compiled,
        directCsrs,
        transitions: new Transitions({
          inStages,
          ...{ ...books, buffer, memoryOffset, directCsrs, interrupts, learner },
          offset: transitionOffset,
          hasFloats: selection.extensions.has('f'),
          books: transitionBooks,
          progress: this.#progress,
        }),
        buffer,
        memoryOffset,
        filterOffset: memoryOffset + layout.filter,
        translationOffset: memoryOffset + layout.translation,
        pmp,
        probes,
        labels,
        progress: this.#progress,
        observers: this,
      });
    this.turns =
      this.#compiled &&
      new TurnTaker({
        id: this.id,
        state,
        derived,
        instructions,
        memoryOffset,
        compiled: this.#compiled,
        late: core && this.#late,
      });
    core?.listenTo(mmu.tlb);
    if (ports.codeWords && compiled) {
      ports.codeWords.onLine = (offset) => {
        compiled.dropLine(offset);
      };
    }
    this.#traps = traps;
    this.checkpoint = new HartCheckpoint({
      ...{ timing, inStages, memoryOffset, state, csrs, derived, pipeline, instructions },
      reservations,
      parts: {
        ...(core && { core }),
        lines: this.#lines,
        late: this.#late,
        timers,
        tlb: mmu.tlb,
        progress: this.#progress,
        exits,
        vms: account.vms,
      },
      forgetCode: () => {
        compiled?.pages.flush();
        interrupts.isQuiet = false;
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
    return this.#instructions.isWaiting;
  }

  /** The mode under its label: U is HU while `hstatus.HU` is set. */
  get mode(): ModeLabel {
    return this.#derived.label;
  }

  /** What the hart is doing, for watchdogs and debuggers. */
  get status(): HartStatus {
    const { pc, cycle, instret } = this.state;
    const { lastTrap, trapsInARow, selfLoopCount } = this.#progress;
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
    state.x.fill(0n);
    state.f.fill(0n);
    state.pc = pc;
    state.cycle = 0;
    state.instret = 0;
    state.privilege = Privilege.M;
    state.virtual = false;
    this.#reservations.release(state);
    this.csrs.reset();
    this.#posting?.reset();
    this.mmu.tlb.flush();
    this.#ports.compiled?.pages.flush();
    this.#pipeline.reset();
    this.#core?.reset();
    this.#late.reset();
    this.#memoryTiming?.reset();
    this.#progress.reset();
    this.exits.reset();
    this.account.reset();
    this.#instructions.isWaiting = false;
    this.#derived.outdateMode();
    this.#derived.outdate(['translation', 'protection', 'timer']);
    this.#derived.settle();
  }

  /** Raises or lowers an interrupt line at the present time of the machine. */
  setLine(line: InterruptName, level: boolean): void {
    if (this.#core !== undefined && !this.isWaiting) {
      this.#late.change(line, level, this.state.cycle + this.#options.timing.interruptDelay);
    } else if (this.#lines.set(line, level)) this.#derived.interruptsAreStale = true;
  }

  /** Raises or lowers the line of a guest external interrupt, numbered from 1. */
  setGuestExternalLine(number: number, level: boolean): void {
    if (this.#lines.setGuestExternal(number, level)) this.#derived.interruptsAreStale = true;
  }

  /** Takes over a virtual IPI from the posted-interrupt unit: it stays pending until the guest clears it. */
  takeVirtualIpi(tick: number): void {
    this.csrs.setFields(mip, { vssip: true });
    this.wake(tick);
  }

  runUntil(tick: number): void {
    this.#boundCycle = this.#cycleAt(tick);
    // Registers may have been changed from outside since the last slice.
    this.#derived.settle();
    while (this.state.cycle < this.#boundCycle && !this.isWaiting) {
      try {
        this.#runFreely();
      } catch (signal) {
        if (!(signal instanceof TrapSignal)) throw signal;
        this.#system.clear();
        this.#memory.splitAddress = undefined;
        this.#traps.exception(signal);
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
    if (!this.#interrupts.endsWait) return;
    this.#instructions.isWaiting = false;
    this.#derived.interruptsAreStale = true;
  }

  /** Runs until the bound, a wait or an exception. */
  #runFreely(): void {
    const { state } = this;
    const derived = this.#derived;
    const instructions = this.#instructions;
    const compiled = this.#compiled;
    const late = this.#core && this.#late;
    while (state.cycle < this.#boundCycle && !instructions.isWaiting) {
      if (late?.interrupts(state.cycle) === true) derived.interruptsAreStale = true;
      if (derived.interruptsAreStale && this.#takesInterrupt()) continue;
      const bound = late === undefined ? this.#boundCycle : Math.min(this.#boundCycle, late.next);
      const word = compiled?.run(bound - state.cycle);
      if (word !== AGAIN) instructions.step(word);
    }
  }

  #takesInterrupt(): boolean {
    this.#derived.interruptsAreStale = false;
    const interrupt = this.#interrupts.next(this.#derived.mode);
    if (interrupt === undefined) return false;
    this.#traps.interrupt(interrupt);
    return true;
  }

  #cycleAt(tick: number): number {
    return Math.ceil(tick / this.#options.ticksPerCycle);
  }

  #now(): bigint {
    return this.#ports.timeAt(this.localTime);
  }
}
