import { HartState } from '../engine/index.ts';
import { Pmp } from '../pmc/index.ts';
import { ArmedTimer } from './armed-timer.ts';
import { CacheBlocks } from './cache-block.ts';
import { CommitTracer } from './commit-tracer.ts';
import { CompiledExecution } from './compiled-execution.ts';
import { CoreLocalPort } from './core-local-port.ts';
import { CsrFile } from './csr-file.ts';
import { CycleAccount } from './cycle-account.ts';
import { DecodeCache, Decoder } from './decode-cache.ts';
import { DerivedState } from './derived-state.ts';
import { DirectCsrs } from './direct-csrs.ts';
import { Execution } from './execution.ts';
import { ExitRecorder } from './exits/exit-recorder.ts';
import type { ProbedStep } from './exits/exit-steps.ts';
import {
  hartLayout,
  type HartOptions,
  type HartPorts,
  instructionAlignmentOf,
  pmcOptionsOf,
} from './hart-options.ts';
import { GuestTimerPort } from './guest-timer-port.ts';
import { HartTimers } from './hart-timers.ts';
import { InstructionUnit } from './instruction-unit.ts';
import { InterruptLines } from './interrupt-lines.ts';
import { InterruptSelection } from './interrupt-selection.ts';
import { Labels } from './labels.ts';
import { LateLines } from './late-lines.ts';
import { makeMemoryParts } from './memory-parts.ts';
import type { Observers } from './observers.ts';
import { PauseTimer } from './pause-timer.ts';
import { PostingPort } from './posting-port.ts';
import { Progress } from './progress.ts';
import { SystemUnit } from './system-unit.ts';
import { TranslationWires } from './translation-state.ts';
import { raiseFault, TrapIntake } from './trap-intake.ts';
import { TrapUnit } from './trap-unit.ts';
import { TransitionBooks } from './transitions/transition-books.ts';
import { TransitionLearner } from './transitions/transition-learner.ts';
import { Transitions } from './transitions/transitions.ts';

/** What the parts of a hart ask of the hart itself. */
export interface HartSide {
  readonly observers: Observers;
  /** `mtime` at the hart's own time. */
  readonly now: () => bigint;
  /** Ends a wait at a tick, if something is pending then. */
  readonly wake: (tick: number) => void;
  /** Ends the hart's turn in the present cycle. */
  readonly endTurn: () => void;
}

/** The parts of a hart, wired. */
export type HartParts = ReturnType<typeof makeHartParts>;

/** Makes the parts of a hart and wires them to each other: this function is the schematic. */
export function makeHartParts(options: HartOptions, ports: HartPorts, hart: HartSide) {
  const { features, selection, timing, dvExt } = options;
  const { memory: machine, memoryOffset, bus, reservations, compiled } = ports;
  const { buffer } = machine;
  const { observers } = hart;
  const { rules } = dvExt;
  const layout = hartLayout(timing);
  const inStages = options.pipeline === 'stages';
  const instructionAlignment = instructionAlignmentOf(selection);

  const state = new HartState(buffer, memoryOffset);
  const lines = new InterruptLines();
  const late = new LateLines({
    apply: (line, level) => {
      lines.set(line, level);
    },
    core: () => core,
  });
  const csrs: CsrFile = new CsrFile(state, features, {
    readTime: hart.now,
    pendingLines: () => {
      late.settle(state.cycle);
      return lines.pending(csrs, hart.now, rules);
    },
    guestExternalLines: () => lines.guestExternal,
    cyclesOf: (mechanism) => account.cyclesOf(mechanism),
    // While the parts are being made there is nothing to outdate.
    onChange: (effects) => {
      derived.outdate(effects);
    },
  });
  const pmp = new Pmp(pmcOptionsOf(options));
  const account = new CycleAccount(state, buffer, memoryOffset + layout.account);
  const trapUnit = new TrapUnit({ state, csrs, rules });
  const translation = new TranslationWires(state, csrs);
  const decoder = new Decoder(selection);
  const pauses = new PauseTimer(csrs, timing.pausePeriod);
  const memorySide = makeMemoryParts({
    ...{ options, ports, state, pmp, account, translation, decoder, pauses },
    isFenceBehind: () => instructions.isFenceBehind,
    raise: (fault, start) => raiseFault(fault, rules, instructions.current, start),
  });
  const { mmu, memory, pipeline, memoryTiming, core } = memorySide;
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
    cacheBlocks: new CacheBlocks({ mmu, pmp, bus, memory, core, timing: memoryTiming }),
    coreLocal: new CoreLocalPort(memory, features.hartId),
    hufence: rules?.hufence ?? 'precise',
    timing: core ?? memoryTiming,
  });
  const execution = new Execution(state, instructionAlignment, memory, system);
  const isArmed = rules?.['vtimer.registers'] === 'csr' && rules['vtimer.arming'] === 'write';
  const timers = new HartTimers({
    csrs,
    rules,
    armed: isArmed ? new ArmedTimer({ csrs, rules }) : undefined,
    now: hart.now,
    tickOf: ports.tickOf,
    queue: ports.queue,
    onExpiry: (tick) => {
      derived.interruptsAreStale = true;
      hart.wake(tick);
    },
  });
  const derived: DerivedState = new DerivedState({
    ...{ state, csrs, translation, rules, trapUnit, mmu, pmp, account, timers, posting },
  });

  const guestTimer = new GuestTimerPort({
    hartId: features.hartId,
    csrs,
    follow: () => {
      derived.settle();
      hart.wake(ports.queue.now);
    },
  });

  const exits = new ExitRecorder();
  const probes = new Map<number, ProbedStep>();
  const labels = new Labels();
  const progress = new Progress();
  const books = {
    ...{ timing: memoryTiming, state, mmu, pipeline, core, account, derived, reservations, exits },
  };
  const interrupts = new InterruptSelection(csrs, rules);
  const transitionBooks = new TransitionBooks({ ...books, progress, observers });
  const transitionOffset = memoryOffset + layout.transitions;
  const learner =
    compiled &&
    new TransitionLearner({
      ...{ state, csrs, rules, timing, memoryOffset, offset: transitionOffset, buffer },
      environmentCallsRetire: options.environmentCallsRetire,
    });
  const traps = new TrapIntake({
    ...{ ...books, books: transitionBooks, trapUnit },
    environmentCallsRetire: options.environmentCallsRetire,
  });
  const instructions: InstructionUnit = new InstructionUnit({
    ...{ ...books, books: transitionBooks, learner, interrupts, trapUnit, traps, memory },
    ...{ execution, system, pauses, probes, labels, progress, observers },
    decodeCache: new DecodeCache(decoder, pipeline, csrs, instructionAlignment),
    tracer: new CommitTracer({
      ...{ hartId: features.hartId, state, csrs, memory, system, execution },
    }),
    onPause: hart.endTurn,
  });

  const directCsrs =
    compiled && new DirectCsrs({ state, csrs, buffer, offset: memoryOffset + layout.csrs });
  const execute =
    compiled &&
    learner &&
    directCsrs &&
    new CompiledExecution({
      ...{ ...books, code: compiled, directCsrs, pmp, probes, labels, progress, observers },
      ...{ buffer, memoryOffset, memoryTiming },
      filterOffset: memoryOffset + layout.filter,
      translationOffset: memoryOffset + layout.translation,
      transitions: new Transitions({
        ...{ ...books, buffer, memoryOffset, directCsrs, interrupts, learner, progress },
        areTimed: !inStages && memoryTiming === undefined,
        offset: transitionOffset,
        hasFloats: selection.extensions.has('f'),
        books: transitionBooks,
      }),
    });
  return {
    ...memorySide,
    ...{
      state,
      csrs,
      pmp,
      account,
      lines,
      late,
      timers,
      guestTimer,
      derived,
      interrupts,
      posting,
      system,
    },
    ...{ instructions, traps, exits, probes, labels, progress },
    /** What runs generated code; absent where every instruction is executed by the oracle. */
    compiled: execute,
  };
}
