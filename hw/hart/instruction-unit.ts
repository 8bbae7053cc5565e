import { type HartState, raise, type TrapTransfer } from '../engine/index.ts';
import { Cause, type Decoded } from '../isa/index.ts';
import { DECODE_TO_COMMIT, mechanismNumber, type Pipeline } from '../timing/index.ts';
import { AddressHalves } from './address-halves.ts';
import type { CommitTracer } from './commit-tracer.ts';
import type { CoreDriver } from './core-driver.ts';
import type { CycleAccount } from './cycle-account.ts';
import type { DecodeCache, Prepared } from './decode-cache.ts';
import type { DerivedState } from './derived-state.ts';
import type { Execution } from './execution.ts';
import type { ExitRecorder } from './exits/exit-recorder.ts';
import type { ProbedStep } from './exits/exit-steps.ts';
import type { InterruptSelection } from './interrupt-selection.ts';
import type { Labels } from './labels.ts';
import type { MemoryAccess } from './memory-access.ts';
import type { MemoryTiming } from './memory-timing.ts';
import type { Observers } from './observers.ts';
import type { PauseTimer } from './pause-timer.ts';
import type { Progress } from './progress.ts';
import type { Reservations } from './reservations.ts';
import type { SystemUnit } from './system-unit.ts';
import type { TransitionBooks } from './transitions/transition-books.ts';
import type { TransitionLearner } from './transitions/transition-learner.ts';
import type { TrapIntake } from './trap-intake.ts';
import type { TrapReturn, TrapUnit } from './trap-unit.ts';
import type { WiredGuard } from './wired-guard.ts';

/** What the instruction unit is wired to. */
export interface InstructionUnitPorts {
  readonly state: HartState;
  readonly memory: MemoryAccess;
  readonly decodeCache: DecodeCache;
  readonly execution: Execution;
  readonly system: SystemUnit;
  readonly trapUnit: TrapUnit;
  readonly traps: TrapIntake;
  readonly books: TransitionBooks;
  /** Learns what traps and returns do, where generated code wants to know. */
  readonly learner: TransitionLearner | undefined;
  readonly pipeline: Pipeline;
  /** The core in stages; without it the pipeline's rules say what instructions cost. */
  readonly core: CoreDriver | undefined;
  readonly account: CycleAccount;
  readonly derived: DerivedState;
  readonly reservations: Reservations;
  readonly exits: ExitRecorder;
  readonly interrupts: InterruptSelection;
  readonly probes: ReadonlyMap<number, ProbedStep>;
  readonly labels: Labels;
  readonly progress: Progress;
  readonly tracer: CommitTracer;
  readonly observers: Observers;
  readonly pauses: PauseTimer;
  /** Called at a PAUSE: another hart should go on. */
  readonly onPause: () => void;
  /** Caches and TLBs, where they are modelled. */
  readonly timing?: MemoryTiming | undefined;
}

const ISSUE = mechanismNumber.issue;
const WAIT = mechanismNumber.wait;
const FLOAT = mechanismNumber.float;
const CSR_FLUSH = mechanismNumber['csr-flush'];
/** What makes the front end fetch what follows once it commits. */
const emptiesPipeline: ReadonlySet<string> = new Set([
  'instructionFence',
  'translationFence',
  'trapReturn',
  'wait',
]);
const HIGH = 2 ** 32;
const PAGE_BYTES = 4096;
const IN_PAGE = PAGE_BYTES - 1;
const PARCEL_BYTES = 2;
/** Instructions that have left decode behind one that is in write-back. */
const BEHIND_DECODE = 2;
/** What writes CSRs. */
const CSR_BYTES = 4;

/** Takes a hart through one instruction: fetch, decode, guard, execute, account. */
export class InstructionUnit {
  /** The instruction being executed, once it is decoded. */
  current: Decoded | undefined;
  /** The hart is in WFI. */
  isWaiting = false;
  readonly #ports: InstructionUnitPorts;
  readonly #pc = new AddressHalves();
  readonly #next = new AddressHalves();
  readonly #link = new AddressHalves();

  constructor(ports: InstructionUnitPorts) {
    this.#ports = ports;
  }

  /** Executes one instruction; an exception leaves it early, with no effect but the time that it took. */
  step(known = 0): void {
    const { state, memory, decodeCache, pipeline, account, exits, probes, system, observers } =
      this.#ports;
    const { pcHigh: high, pcLow: low, cycle } = state;
    this.#pc.put(high, low);
    this.current = undefined;
    pipeline.pending.repeats = 0;
    observers.follower?.begins(high, low);
    this.#ports.core?.begin(high, low);
    if (exits.isHandling && probes.size > 0) this.#probe(high * HIGH + low);
    if (observers.onLabel !== undefined) this.#tellLabel(high * HIGH + low);
    const word = known === 0 ? memory.fetch(high, low) : known;
    const prepared = decodeCache.prepare(low, word);
    if (prepared === undefined) raise(Cause.illegalInstruction, BigInt(word));
    const { decoded, timed } = prepared;
    this.current = decoded;
    if (prepared.guard !== undefined) this.#guard(prepared.guard, decoded);
    if (this.#ports.core !== undefined) {
      this.#stepCore(prepared, this.#ports.core);
      return;
    }
    const stall = pipeline.stallBefore(timed);
    if (stall.cycles > 0) account.charge(stall.leaf, stall.cycles);
    const floatWait = pipeline.floatWait(timed, state.cycle);
    if (floatWait > 0) account.charge(FLOAT, floatWait);
    if (pipeline.pending.isUnderWay(state.cycle)) this.#waitForDevice(decoded);
    const { transfer } = prepared;
    const isPlain = observers.commitLog === undefined && this.#ports.timing === undefined;
    if (transfer !== undefined && isPlain) {
      this.#transfer(transfer, prepared, cycle);
      return;
    }
    // Taken before execution, which may overwrite the operands.
    const operandCycles = this.#operandCycles(timed);
    this.#execute(prepared);
    if (system.call !== undefined) {
      this.#call(system.call);
      return;
    }
    state.instret += 1;
    pipeline.pending.committed(decoded, state.cycle);
    account.charge(ISSUE, 1);
    this.#tellRetired(prepared);
    this.#accountFor(prepared, operandCycles);
    for (; pipeline.pending.repeats > 0; pipeline.pending.repeats -= 1) {
      this.#fetchAgain(decoded.length);
    }
    if (prepared.isSystem) this.#finishSystem(cycle);
    this.checkLimit();
  }

  /** Executes an instruction whose time the core in stages knows. */
  #stepCore(prepared: Prepared, core: CoreDriver): void {
    const { state, system } = this.#ports;
    const { decoded } = prepared;
    const { cycle } = state;
    const operands = core.operandsOf(decoded);
    // What reads the time must have committed; nothing else does before it is known what it did.
    if (prepared.isSystem) this.#commit(prepared, core, operands);
    this.#execute(prepared);
    if (system.call !== undefined) {
      this.#call(system.call);
      return;
    }
    if (!core.hasCommitted) this.#commit(prepared, core, operands);
    if (decoded.instruction.timing === 'loadReserved') state.reservedCycle = state.cycle;
    state.instret += 1;
    this.#tellRetired(prepared);
    const { low, high } = this.#pc;
    this.#ports.progress.retired(state.pcLow === low && state.pcHigh === high);
    if (prepared.isSystem) this.#finishSystem(cycle);
    this.checkLimit();
  }

  #commit({ decoded, isSystem, timed }: Prepared, core: CoreDriver, operands: number): void {
    const { state } = this.#ports;
    const { low, high } = this.#pc;
    const behind = low + decoded.length;
    const link = this.#link.put(behind >= HIGH ? high + 1 : high, behind);
    const next = isSystem ? link : this.#next.put(state.pcHigh, state.pcLow);
    const isJump = timed.dynamic === 'transfer' && decoded.instruction.timing !== 'branch';
    const isElsewhere = next.low !== link.low || next.high !== link.high;
    core.commit({
      pcHigh: high,
      pcLow: low,
      nextHigh: next.high,
      nextLow: next.low,
      isTaken: isJump || isElsewhere,
      fails: false,
      operands,
    });
  }

  /** Lets the time pass that an instruction is held up by an access past the caches. */
  #waitForDevice(decoded: Decoded): void {
    const { pipeline, account, state, timing } = this.#ports;
    const { cycle } = state;
    const { pending } = pipeline;
    const straddles = decoded.length > PARCEL_BYTES && (this.#pc.low & PARCEL_BYTES) !== 0;
    const { cycles, leaf } = pending.wait(decoded, straddles, cycle);
    if (cycles === 0) return;
    account.charge(leaf, cycles);
    if (pending.repeats > 0) timing?.repeat(cycle, state.cycle);
  }

  /** Tells the observer that the instructions it asked for are done. */
  checkLimit(): void {
    const { observers, state } = this.#ports;
    const limit = observers.instructionLimit;
    if (limit === undefined || state.instret < limit.count) return;
    observers.instructionLimit = undefined;
    limit.reached();
  }

  #execute(prepared: Prepared): void {
    const { execution, observers, tracer } = this.#ports;
    const { commitLog } = observers;
    if (commitLog === undefined) prepared.execute(prepared.decoded, execution);
    else tracer.execute(prepared, commitLog);
  }

  #tellRetired({ word, decoded }: Prepared): void {
    const { observers, state } = this.#ports;
    observers.follower?.retires(decoded);
    if (observers.onRetire === undefined) return;
    const pc = (BigInt(this.#pc.high) << 32n) | BigInt(this.#pc.low);
    observers.onRetire({ pc, word, cycle: state.cycle });
  }

  /** What `#execute` and the rest would come to for the instructions that most often leave generated code. */
  #transfer(transfer: TrapTransfer, prepared: Prepared, before: number): void {
    const { state, account, pipeline, progress, traps } = this.#ports;
    const learner = this.#ports.learner?.isAsked === true ? this.#ports.learner : undefined;
    const { trapUnit } = learner ?? this.#ports;
    const { timed, decoded } = prepared;
    learner?.begin(decoded.guard);
    if (transfer === 'ecall') {
      const entry = traps.call(trapUnit);
      learner?.trapped(entry);
      return;
    }
    const returned = trapUnit.returnFrom(transfer);
    learner?.returned(transfer, returned, timed);
    const { fixedExtra, fixedLeaf } = timed;
    state.instret += 1;
    account.charge(ISSUE, 1);
    this.#tellRetired(prepared);
    if (fixedExtra > 0) account.charge(fixedLeaf, fixedExtra);
    pipeline.refetch();
    progress.retired(state.pcLow === this.#pc.low && state.pcHigh === this.#pc.high);
    this.#returned(returned, before);
    this.checkLimit();
  }

  /** Takes the exception of an ECALL. */
  #call(cause: Cause): void {
    const { system, traps } = this.#ports;
    system.clear();
    traps.exception({ cause, tval: 0n, gva: false, gpa: 0n, tinst: 0n });
  }

  #guard(guard: WiredGuard, decoded: Decoded): void {
    const refusal = guard.outcome(this.#ports.derived.mode);
    if (refusal === undefined) return;
    const cause = refusal === 'virtual' ? Cause.virtualInstruction : Cause.illegalInstruction;
    raise(cause, BigInt(decoded.word));
  }

  /** Cycles that depend on the operands: on top of its issue, or the gap of a floating-point division. */
  #operandCycles({ decoded, dynamic }: Prepared['timed']): number {
    const { state, pipeline } = this.#ports;
    const { x, f } = state;
    if (dynamic === 'operands')
      return pipeline.operandExtra(decoded, x[decoded.rs1] ?? 0n, x[decoded.rs2] ?? 0n);
    if (dynamic === 'floatDivision')
      return pipeline.floatDivisionGap(decoded, f[decoded.frs1] ?? 0n, f[decoded.frs2] ?? 0n);
    return 0;
  }

  /** Books what the instruction cost besides its issue, and tells the pipeline where it led. */
  #accountFor({ decoded, timed, isJump }: Prepared, operandCycles: number): void {
    const { state, pipeline, account, progress, timing: memory } = this.#ports;
    const { low, high } = this.#pc;
    const { pcLow: nextLow, pcHigh: nextHigh } = state;
    const behind = low + decoded.length;
    const link = this.#link.put(behind >= HIGH ? high + 1 : high, behind);
    const slot = state.cycle - 1;
    let extra = timed.fixedExtra;
    if (timed.dynamic === 'operands') extra += operandCycles;
    else if (timed.floats.length > 0) pipeline.writeFloat(timed, slot, operandCycles);
    if (timed.dynamic === 'transfer') {
      const target = this.#next.put(nextHigh, nextLow);
      extra += pipeline.transferExtra(decoded, this.#pc, target, link);
    }
    if (extra > 0) account.charge(timed.fixedLeaf, extra);
    // A jump to the next instruction is a jump. Pages are fetched and decoded by themselves: no interlock looks back into
    // another one.
    const isInLine = nextLow === link.low && nextHigh === link.high;
    if (memory !== undefined) {
      const { timing } = decoded.instruction;
      if (emptiesPipeline.has(timing)) memory.redirect(slot);
      else if (!isInLine || isJump) memory.speculate();
      if (timing === 'instructionFence') memory.flushInstructions();
    }
    if (isInLine && !isJump && (link.low & IN_PAGE) !== 0) {
      pipeline.fallThrough(decoded.word);
    } else pipeline.refetch();
    progress.retired(nextLow === low && nextHigh === high);
  }

  /** What only system instructions can do: write CSRs, change the mode, wait, pause. */
  #finishSystem(before: number): void {
    const { state, system, pipeline, account, derived, interrupts, core } = this.#ports;
    const { flushes, returned, waits, pauses } = system;
    system.clear();
    if (flushes && core === undefined) {
      this.#fetchAgain(CSR_BYTES);
      this.#ports.timing?.redirect(state.cycle - 1);
      account.charge(CSR_FLUSH, pipeline.parameters.csrWriteFlush);
      pipeline.refetch();
    }
    if (returned === undefined) derived.settle();
    else this.#returned(returned, before);
    this.isWaiting = waits && !interrupts.endsWait;
    if (pauses) this.#pause();
  }

  /** Whether a fence is among the instructions of the page that are between decode and write-back when the one in hand is there. */
  get isFenceBehind(): boolean {
    const { memory, decodeCache } = this.#ports;
    const { high, low } = this.#pc;
    const physical = memory.locateCode(high, low);
    let place = low + (this.current?.length ?? 0);
    for (let behind = 0; physical >= 0 && behind < BEHIND_DECODE; behind++) {
      if (Math.floor(place / PAGE_BYTES) !== Math.floor(low / PAGE_BYTES)) return false;
      const decoded = decodeCache.prepare(place, memory.peekCode(physical - low + place))?.decoded;
      if (decoded?.instruction.timing === 'fence') return true;
      place += decoded?.length ?? PAGE_BYTES;
    }
    return false;
  }

  /** The instruction, of so many bytes, has sent fetch back from write-back. */
  #fetchAgain(length: number): void {
    const { memory, pipeline } = this.#ports;
    const { high, low } = this.#pc;
    const last = low + length - PARCEL_BYTES;
    // What comes behind the page is another fetch.
    if ((low & IN_PAGE) + length > PAGE_BYTES) return;
    const physical = memory.locateCode(high, low);
    if (physical < 0) return;
    pipeline.fetchesAgain(high, last, (word) => memory.peek(physical - low + word));
  }

  /** What follows a PAUSE stays in decode, and others may go on. */
  #pause(): void {
    const { account, core, pauses } = this.#ports;
    // It has issued in the cycle before this one.
    const rest = core === undefined ? pauses.untilWrap(-1 - DECODE_TO_COMMIT) : 0;
    if (rest > 0) account.charge(WAIT, rest);
    this.#ports.onPause();
  }

  /** A trap return has changed the mode; the instruction began in the cycle `before`. */
  #returned(returned: TrapReturn, before: number): void {
    const { state, derived, reservations, books } = this.#ports;
    derived.outdateMode();
    derived.settle();
    reservations.release(state);
    books.returned(returned, { before, after: state.cycle });
  }

  #tellLabel(pc: number): void {
    const { labels, derived, observers } = this.#ports;
    const name = labels.at(derived.mode, pc);
    if (name !== undefined) observers.onLabel?.(name);
  }

  #probe(pc: number): void {
    const { exits, probes, derived, state } = this.#ports;
    const step = probes.get(pc);
    if (step !== undefined && derived.mode === 'U') exits.reached(step, state.cycle);
  }
}
