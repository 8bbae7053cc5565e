import type { Checkpointed } from '../../kernel/index.ts';
import { mechanismNumber } from '../mechanisms.ts';
import { Transfer } from './branch-target-buffer.ts';
import { Bubbles } from './bubbles.ts';
import type { Configuration } from './configuration.ts';
import type { ControlWords } from './control-words.ts';
import { restoreCore, saveCore, type SavedCore } from './core-checkpoint.ts';
import { DataPipe } from './data-pipe.ts';
import { FloatPipes } from './float-pipes.ts';
import { FrontEnd } from './front-end.ts';
import { usesLoad } from './hazards.ts';
import { type InstructionView, NO_INSTRUCTION } from './instruction-view.ts';
import { Multiplier } from './multiplier.ts';
import { RestFinder } from './rest.ts';
import { Scoreboard } from './scoreboard.ts';
import { ANY_SLOT, exchangeSlot, type Slot } from './slot.ts';
import { Interlock, NO_STALL } from './interlock.ts';
import type { Surroundings, TargetUpdate } from './surroundings.ts';

/** An instruction that the hart has executed, or that trapped, as far as its time depends on it. */
export interface Executed {
  /** Its address, and that of the instruction that follows unless it traps. */
  readonly pc: number;
  readonly nextPc: number;
  /** Whether a branch was taken; jumps always are. */
  readonly isTaken: boolean;
  /** Whether it made an access, and whether that was a store-conditional without a reservation. */
  readonly hasAccess: boolean;
  readonly fails: boolean;
  /**
   * A multiplication or division: the cycles that it takes; of floating-point numbers: the kind of its operands
   * (`dividerOperands`). 0 of any other.
   */
  readonly operands: number;
  /** It takes a trap instead of retiring. */
  readonly traps: boolean;
}

/** What the core is wired to. */
export interface CorePorts {
  /** Entries of the target buffer. */
  readonly targetEntries: number;
  readonly views: ControlWords;
  /** The aligned word of memory at a virtual address, for fetching; without effect. */
  readonly read: (pc: number) => number;
  readonly around: Surroundings;
  /** Books cycles on a mechanism. */
  readonly charge: (mechanism: number, cycles: number) => void;
}

const { issue: ISSUE } = mechanismNumber;
const TRAP_ENTRY = mechanismNumber['trap-entry'];

/** A commit that takes longer is a defect of the model. */
const MOST_CYCLES = 100_000;
const NOBODY = -1;
/** Empty cycles before it pays to ask whether the core rests, and after how many it does the same again. */
const SETTLED = 4;
const PERIOD = 2;

/** What write-back does with its instruction. */
const Outcome = { empty: 0, commits: 1, repeats: 2 } as const;
type Outcome = (typeof Outcome)[keyof typeof Outcome];

/**
 * The five-stage in-order core, cycle by cycle (rocket-chip, RocketCore.scala). The hart executes instructions in its own
 * order; the core fetches the same memory along its own predictions, and lets time pass until each one commits. It stops in the
 * middle of the cycle of a commit, since the rest of that cycle may depend on the next instruction.
 */
export class Core implements Checkpointed<SavedCore> {
  /** The cycle of the last commit. */
  cycle = 0;
  readonly #ports: CorePorts;
  readonly #frontEnd: FrontEnd;
  readonly #float = new FloatPipes();
  readonly #multiplier = new Multiplier();
  readonly #data: DataPipe;
  readonly #interlock: Interlock;
  readonly #bubbles = new Bubbles();
  readonly #views: ControlWords;
  readonly #scoreboard = new Scoreboard();
  #execute: Slot | undefined;
  #memory: Slot | undefined;
  #writeBack: Slot | undefined;
  #outcome: Outcome = Outcome.empty;
  #misses = false;
  /** The instruction that commits empties the pipeline, and fetch goes on where the hart does. */
  #flushes = false;
  #isFencing = false;
  /** The first cycle in which decode goes on behind a PAUSE. */
  #pausedUntil = NOBODY;
  /** The command that the last instruction in execute left at the data cache; only stores do not read. */
  #asksToRead = true;
  /** Cycles in a row in which nothing was in the stages behind decode. */
  #emptyCycles = 0;
  readonly #rests = new RestFinder();

  constructor(ports: CorePorts) {
    const { around, views, read, targetEntries: entries } = ports;
    this.#ports = ports;
    this.#views = views;
    this.#frontEnd = new FrontEnd({ around, entries, read });
    this.#data = new DataPipe(around);
    this.#interlock = new Interlock({
      data: this.#data,
      float: this.#float,
      multiplier: this.#multiplier,
      scoreboard: this.#scoreboard,
    });
  }

  /** Power-on: an empty pipeline, which will begin to fetch where the hart begins. */
  reset(): void {
    this.#frontEnd.reset();
    this.#float.reset();
    this.#multiplier.reset();
    this.#data.reset();
    this.#bubbles.reset();
    this.#scoreboard.clear();
    this.cycle = 0;
    this.#execute = undefined;
    this.#memory = undefined;
    this.#writeBack = undefined;
    this.#outcome = Outcome.empty;
    this.#misses = false;
    this.#isFencing = false;
    this.#pausedUntil = NOBODY;
    this.#asksToRead = true;
    this.#flush(this.#bubbles.beginning);
  }

  /** Outcomes of branches so far, which those of a configuration are relative to. */
  get outcomes(): number {
    return this.#frontEnd.outcomes;
  }

  set outcomes(count: number) {
    this.#frontEnd.outcomes = count;
  }

  /** Puts what is under way behind a commit into a configuration, or takes it from there; the predictors are none of it. */
  exchange(words: Configuration): void {
    this.#outcome = words.number(this.#outcome) as Outcome;
    this.#flushes = words.flag(this.#flushes);
    if (this.#flushes) this.#bubbles.flush = words.number(this.#bubbles.flush);
    this.#misses = words.flag(this.#misses);
    this.#isFencing = words.flag(this.#isFencing);
    this.#pausedUntil = words.deadline(this.#pausedUntil);
    this.#asksToRead = words.flag(this.#asksToRead);
    this.#execute = this.#exchangeSlot(words, this.#execute);
    this.#memory = this.#exchangeSlot(words, this.#memory);
    const last = this.#views.exchange(words, this.#writeBack?.view);
    this.#writeBack = last && { ...ANY_SLOT, view: last };
    this.#scoreboard.exchange(words);
    this.#bubbles.exchange(words);
    this.#frontEnd.exchange(words);
    this.#data.exchange(words, this.#views);
    this.#float.exchange(words);
    this.#multiplier.exchange(words);
  }

  save(): SavedCore {
    return saveCore(this, this.#views);
  }

  restore(saved: SavedCore): void {
    restoreCore(this, this.#views, saved);
  }

  #exchangeSlot(words: Configuration, slot: Slot | undefined): Slot | undefined {
    const isThere = words.flag(slot !== undefined);
    return isThere ? exchangeSlot(words, this.#views, slot ?? ANY_SLOT) : undefined;
  }

  /** Lets time pass, from `cycle` of the hart on, until an instruction commits or takes its trap. */
  commit(executed: Executed, cycle: number): void {
    // The hart has waited in the meantime.
    if (cycle > this.cycle) this.cycle = cycle;
    this.#emptyCycles = 0;
    for (let passed = 0; passed < MOST_CYCLES; passed++) {
      this.#finishCycle(executed);
      this.cycle += 1;
      this.#beginCycle(executed);
      if (this.#outcome === Outcome.commits) return;
      this.#rest();
    }
    throw new Error(`the core never commits 0x${executed.pc.toString(16)}`);
  }

  /**
   * Lets the cycles pass at once in which nothing can change: nothing is in the stages behind decode, and what is in front of them and
   * in the units is what it was two cycles ago (fetch tries again every other cycle).
   */
  #rest(): void {
    if (this.#execute ?? this.#memory ?? this.#writeBack) {
      this.#emptyCycles = 0;
      return;
    }
    this.#emptyCycles += 1;
    const isLooking = this.#emptyCycles >= SETTLED && (this.#emptyCycles - SETTLED) % PERIOD === 0;
    if (!isLooking || !this.#bubbles.areAlike) return;
    const finder = this.#rests;
    const { cycle } = this;
    finder.begin(cycle);
    this.exchange(finder);
    if (!finder.isSame || this.#emptyCycles === SETTLED) return;
    let most = Math.min(finder.next - 1 - cycle, MOST_CYCLES);
    if (this.#frontEnd.hasLooked(cycle - PERIOD)) most = this.#ports.around.rest(most, cycle);
    else if (finder.next === Infinity) return;
    const passed = most - (most % PERIOD);
    if (passed <= 0) return;
    this.cycle += passed;
    this.#ports.charge(this.#bubbles.writeBack, passed);
  }

  /** What follows the instruction that has just committed is a trap's handler. */
  redirectToTrap(): void {
    this.#flush(TRAP_ENTRY);
  }

  #flush(reason: number): void {
    this.#flushes = true;
    this.#bubbles.flush = reason;
  }

  /** Write-back. */
  #beginCycle({ traps }: Executed): void {
    const { charge } = this.#ports;
    this.#data.begin(this.cycle);
    this.#flushes = false;
    this.#misses = false;
    const slot = this.#writeBack;
    if (slot === undefined) {
      this.#outcome = Outcome.empty;
      charge(this.#bubbles.writeBack, 1);
      return;
    }
    const { view } = slot;
    if (slot.replays || (isAccess(view) && this.#data.isRefused)) {
      this.#outcome = Outcome.repeats;
      charge(this.#bubbles.ofReplay(slot, this.#waits), 1);
      return;
    }
    this.#outcome = Outcome.commits;
    this.#misses = isAccess(view) && this.#data.isPending;
    charge(traps ? TRAP_ENTRY : ISSUE, 1);
    if (traps || view.flushes) this.#flush(traps ? TRAP_ENTRY : this.#bubbles.ofFlush(view));
  }

  /** The rest of a cycle, in which `executed` is the next instruction to commit. */
  #finishCycle(executed: Executed): void {
    const data = this.#data;
    const float = this.#float;
    const frontEnd = this.#frontEnd;
    const multiplier = this.#multiplier;
    const cycle = this.cycle;
    const last = this.#writeBack;
    frontEnd.begin();
    const { instruction } = frontEnd.buffer;

    const fromWriteBack = this.#redirectFromWriteBack(executed);
    const isRedirected = fromWriteBack !== undefined;

    // Results that come late share one port with those of write-back.
    const arrived = data.arrival;
    const portIsTaken = last !== undefined && !last.replays && last.view.writesInteger;
    const multiplierAnswers =
      multiplier.isDone(cycle) && !portIsTaken && (arrived === undefined || arrived.frd >= 0);
    const cleared = multiplierAnswers ? multiplier.destination : (arrived?.rd ?? NOBODY);

    // Memory stage: transfers are resolved, late units take their operands.
    const memory = isRedirected ? undefined : this.#memory;
    const isStray = memory !== undefined && memory.pc !== executed.pc;
    const resolved = isStray || memory?.replays === true ? undefined : memory;
    let fromMemory: number | undefined = isStray ? executed.pc : undefined;
    let update: TargetUpdate | undefined;
    let isMispredicted = false;
    let isDropped = resolved === undefined;
    let isRefused = false;
    if (resolved !== undefined) {
      const { view } = resolved;
      const followsPc = executed.traps ? resolved.pc + resolved.length : executed.nextPc;
      isMispredicted = this.#nextInLine() !== followsPc || view.memory === 'translationFence';
      const leads = view.transfer === 'none' || executed.isTaken;
      if (isMispredicted && leads) update = updateOf(resolved);
      if (isMispredicted) fromMemory = followsPc;
      isDropped = view.writesInteger && data.answersNext;
      isRefused = view.isFloat && float.refuses(view, cycle);
      if (!isDropped) {
        multiplier.know(view, executed.operands, cycle);
        if (view.floatUnit === 'divider' && !isRefused && executed.operands > 0) {
          float.divide(view, executed.operands, cycle);
        }
      }
    }

    // Data cache, with the access of the execute stage behind it.
    const execute = this.#execute;
    const executing = execute?.replays === false ? execute.view : undefined;
    const request = executing !== undefined && executing.memory !== 'none' ? executing : undefined;
    const goesOn = resolved !== undefined && !isDropped && !isRefused;
    const reaches = goesOn && !executed.traps && hasAddress(resolved, executed);
    data.proceed(
      cycle,
      { hasAddress: reaches, fails: reaches && this.#fails(resolved, executed) },
      request,
      this.#asksToRead,
    );

    const isRedirecting = isRedirected || fromMemory !== undefined;
    const executeRepeats =
      execute !== undefined &&
      (execute.replays ||
        (request !== undefined && !data.isReady) ||
        (execute.view.arithmetic !== undefined && multiplier.isBusy) ||
        (execute.usesLoad && this.#misses));

    // Decode.
    const view = this.#views.of(instruction.word);
    const stall = this.#interlock.stall(view, {
      execute: viewOf(execute),
      memory: viewOf(this.#memory),
      last: viewOf(last),
      misses: this.#misses,
      cleared,
      portIsTaken,
      isFencing: this.#isFencing,
      isPausing: cycle < this.#pausedUntil,
      cycle,
    });
    const mayGo = stall === NO_STALL || instruction.replays;
    const isIssued = instruction.isValid && !isRedirecting && mayGo;
    const behindLoad =
      this.#memory !== undefined && !this.#memory.replays && usesLoad(view, this.#memory.view);
    const issued: Slot | undefined = isIssued
      ? {
          pc: instruction.pc,
          view: instruction.replays ? NO_INSTRUCTION : view,
          length: instruction.isCompressed ? 2 : 4,
          prediction: instruction.prediction,
          usesLoad: behindLoad,
          replays: instruction.replays,
        }
      : undefined;
    if (data.isIdle && request === undefined) this.#isFencing = false;
    if (issued?.replays === false && (view.isFence || view.acquires)) this.#isFencing = true;
    if (isRedirecting) this.#pausedUntil = NOBODY;
    if (issued?.replays === false && view.pauses) this.#pause(cycle);

    // Scoreboards and units take their next state.
    if (multiplierAnswers) this.#scoreboard.drop(multiplier.destination);
    if (arrived !== undefined && arrived.rd > 0) this.#scoreboard.drop(arrived.rd);
    if (arrived !== undefined && arrived.frd >= 0) float.clearLoad(arrived.frd);
    if (last !== undefined && this.#outcome === Outcome.commits) this.#score(last.view);
    multiplier.tick(multiplierAnswers, resolved === undefined || isDropped, executing);
    const inMemory = this.#memory?.replays === false ? this.#memory.view : undefined;
    float.tick(cycle, inMemory, goesOn, executing);

    // Fetch.
    const redirectPc = fromWriteBack ?? fromMemory;
    if (this.#outcome === Outcome.commits && last?.view.isInstructionFence === true) {
      this.#ports.around.emptyInstructionCache();
    }
    frontEnd.end(stall === NO_STALL, redirectPc, isRedirected, update, cycle);
    if (resolved !== undefined) this.#learn(resolved, executed, isMispredicted);

    // Everything moves on.
    const reason = this.#redirectReason(isRedirected, resolved);
    this.#bubbles.move({
      reason,
      isRedirecting,
      memoryIsEmpty: this.#memory === undefined,
      executeIsEmpty: execute === undefined,
      isIssued: issued !== undefined,
      stall: instruction.isValid && stall !== NO_STALL ? stall : undefined,
      fetchWaitsFor: frontEnd.waitsFor,
    });
    if (memory !== undefined && !isStray) {
      if (isDropped || isRefused) memory.replays = true;
      this.#writeBack = memory;
    } else this.#writeBack = undefined;
    if (execute !== undefined && !isRedirecting) {
      if (executeRepeats) execute.replays = true;
      this.#memory = execute;
    } else this.#memory = undefined;
    this.#execute = issued;
    if (issued !== undefined && !issued.replays) {
      const { memory: kind } = issued.view;
      this.#asksToRead = kind !== 'store' && kind !== 'translationFence';
    }
  }

  /** A PAUSE goes on from decode, and nothing behind it does until it is over. */
  #pause(cycle: number): void {
    const rest = this.#ports.around.pause(cycle);
    this.#pausedUntil = rest === 0 ? NOBODY : cycle + rest + 1;
  }

  /** Whether an access on its way to the second stage is a store-conditional that will not store. */
  #fails({ view }: Slot, { fails }: Executed): boolean {
    if (fails || view.memory !== 'storeConditional') return fails;
    return this.#ports.around.isLate(this.cycle + 1) !== 0;
  }

  #redirectFromWriteBack(executed: Executed): number | undefined {
    if (this.#flushes) return executed.pc;
    return this.#outcome === Outcome.repeats ? this.#writeBack?.pc : undefined;
  }

  /** The address behind the instruction in the memory stage, as far as it has been fetched. */
  #nextInLine(): number | undefined {
    if (this.#execute !== undefined) return this.#execute.pc;
    const { instruction } = this.#frontEnd.buffer;
    const isThere = instruction.isValid || this.#frontEnd.offered !== undefined;
    return isThere ? instruction.pc : undefined;
  }

  get #waits() {
    return { data: this.#data.waitsFor, fetch: this.#frontEnd.waitsFor };
  }

  /** The scoreboards take the destination of an instruction whose result comes later than its commit. */
  #score(view: InstructionView): void {
    const isLate = view.arithmetic !== undefined || this.#misses;
    if (isLate && view.rd > 0) this.#scoreboard.add(view.rd);
    if (this.#misses && view.frd >= 0) this.#float.scoreLoad(view.frd);
    this.#float.score(view);
  }

  /** The direction predictor learns from the instruction in the memory stage. */
  #learn(
    { pc, view, length, prediction }: Slot,
    executed: Executed,
    isMispredicted: boolean,
  ): void {
    const { around } = this.#ports;
    const frontEnd = this.#frontEnd;
    const age = frontEnd.outcomes - prediction.history;
    const isBranch = view.transfer === 'branch';
    const taken = executed.isTaken ? 1 : 0;
    if (isBranch) {
      const packet = lastHalf(pc, length);
      around.resolve(packet - (packet & 3), age, taken);
    }
    if (!isMispredicted) return;
    if (age > 0) around.rewind(age);
    frontEnd.outcomes = prediction.history;
    if (!isBranch) return;
    around.predict(taken);
    frontEnd.outcomes += 1;
  }

  #redirectReason(isRedirected: boolean, memory: Slot | undefined): number {
    const bubbles = this.#bubbles;
    if (!isRedirected) return bubbles.ofTransfer(memory);
    return this.#flushes ? bubbles.flush : bubbles.ofReplay(this.#writeBack, this.#waits);
  }
}

function isAccess({ memory }: InstructionView): boolean {
  return memory !== 'none' && memory !== 'translationFence';
}

function hasAddress({ view }: Slot, executed: Executed): boolean {
  return view.memory === 'translationFence' || executed.hasAccess;
}

/** The control word of an instruction that is not to be fetched again. */
function viewOf(slot: Slot | undefined): InstructionView | undefined {
  return slot?.replays === false ? slot.view : undefined;
}

/** Address of the half-word that ends an instruction. */
function lastHalf(pc: number, length: number): number {
  return pc + length - 2;
}

function updateOf({ pc, view, length, prediction }: Slot): TargetUpdate {
  return {
    entry: prediction.entry,
    isValid: view.transfer !== 'none',
    kind: kindOf(view),
    pc: lastHalf(pc, length),
  };
}

function kindOf({ transfer, rd, rs1 }: InstructionView): Transfer {
  if (transfer === 'branch' || transfer === 'none') return Transfer.branch;
  if (rd > 0 && (rd & 1) === 1) return Transfer.call;
  const isReturn = transfer === 'jumpRegister' && (rs1 === 1 || rs1 === 5);
  return isReturn ? Transfer.return : Transfer.jump;
}
