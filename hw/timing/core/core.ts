import type { Checkpointed } from '../../kernel/index.ts';
import { mechanismNumber } from '../mechanisms.ts';
import { Bubbles } from './bubbles.ts';
import type { Configuration } from './configuration.ts';
import type { ControlWords } from './control-words.ts';
import { restoreCore, saveCore, type SavedCore } from './core-checkpoint.ts';
import { DataPipe } from './data-pipe.ts';
import { FloatPipes } from './float-pipes.ts';
import {
  Control,
  destinationOf,
  FIRST_FLOAT,
  floatUnitOf,
  MEMORY,
  Memory,
  TRANSFERS,
  Unit,
} from './control-word.ts';
import { NO_INSTRUCTION } from './control-words.ts';
import { type Executed, UNDECODED } from './executed.ts';
import { copyPrediction } from './fetch-packet.ts';
import { FrontEnd, NOWHERE } from './front-end.ts';
import { usesLoad } from './hazards.ts';
import { Multiplier } from './multiplier.ts';
import { RestFinder } from './rest.ts';
import { Scoreboard } from './scoreboard.ts';
import { Slot } from './slot.ts';
import { Interlock, NO_STALL } from './interlock.ts';
import type { Surroundings } from './surroundings.ts';
import { updateOf } from './target-update.ts';

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
const NEVER = -1;
/** Empty cycles before it pays to ask whether the core rests, and after how many it does the same again. */
const SETTLED = 4;
const PERIOD = 2;

/** What write-back does with its instruction. */
const Outcome = { empty: 0, commits: 1, repeats: 2, traps: 3 } as const;
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
  #execute = new Slot();
  #memory = new Slot();
  #writeBack = new Slot();
  /** Takes the next instruction. */
  #spare = new Slot();
  #outcome: Outcome = Outcome.empty;
  #misses = false;
  /** The instruction that commits empties the pipeline, and fetch goes on where the hart does. */
  #flushes = false;
  #isFencing = false;
  /** The first cycle in which decode goes on behind a PAUSE. */
  #pausedUntil = NEVER;
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
    this.#data = new DataPipe(around, views);
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
    this.#execute.isThere = false;
    this.#memory.isThere = false;
    this.#writeBack.isThere = false;
    this.#outcome = Outcome.empty;
    this.#misses = false;
    this.#isFencing = false;
    this.#pausedUntil = NEVER;
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
    this.#execute.exchange(words, this.#views);
    this.#memory.exchange(words, this.#views);
    this.#writeBack.exchangeLast(words, this.#views);
    this.#scoreboard.exchange(words);
    this.#bubbles.exchange(words);
    this.#frontEnd.exchange(words);
    this.#data.exchange(words);
    this.#float.exchange(words);
    this.#multiplier.exchange(words);
  }

  save(): SavedCore {
    return saveCore(this, this.#views);
  }

  restore(saved: SavedCore): void {
    restoreCore(this, this.#views, saved);
  }

  /** Lets time pass, from `cycle` of the hart on, until an instruction commits or takes its trap. */
  commit(executed: Executed, cycle: number): void {
    // The hart has waited in the meantime.
    if (cycle > this.cycle) this.cycle = cycle;
    this.#emptyCycles = 0;
    if (executed.isInterrupted) {
      if (!this.#execute.replays) this.#execute.becomeInterrupt(this.#views);
      if (!this.#memory.replays) this.#memory.becomeInterrupt(this.#views);
    }
    for (let passed = 0; passed < MOST_CYCLES; passed++) {
      this.#finishCycle(executed);
      this.cycle += 1;
      this.#beginCycle(executed);
      if (this.#outcome === Outcome.commits || this.#outcome === Outcome.traps) return;
      this.#rest();
    }
    throw new Error(`the core never commits 0x${executed.pc.toString(16)}`);
  }

  /**
   * Lets the cycles pass at once in which nothing can change: nothing is in the stages behind decode, and what is in front of them and
   * in the units is what it was two cycles ago (fetch tries again every other cycle).
   */
  #rest(): void {
    if (this.#execute.isThere || this.#memory.isThere || this.#writeBack.isThere) {
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

  /** For how many cycles the instruction that commits next, at an address, has been behind decode, where an interrupt lets it go. */
  ageOf(pc: number): number {
    if (this.#flushes) return 0;
    const memory = this.#memory;
    const execute = this.#execute;
    if (memory.isThere) return memory.pc === pc && !memory.replays ? 2 : 0;
    return execute.isThere && execute.pc === pc && !execute.replays ? 1 : 0;
  }

  /** Lets the cycles pass, up to one, in which the instruction at an address that commits next has not left decode. */
  linger(pc: number, until: number, cycle = this.cycle): void {
    if (cycle > this.cycle) this.cycle = cycle;
    this.#emptyCycles = 0;
    const next = { ...UNDECODED, pc };
    while (
      this.cycle < until &&
      (this.#flushes || !(this.#execute.isThere || this.#memory.isThere))
    ) {
      this.#finishCycle(next);
      this.cycle += 1;
      this.#beginCycle(next);
    }
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
  #beginCycle({ traps, retires }: Executed): void {
    const { charge } = this.#ports;
    const data = this.#data;
    data.begin(this.cycle);
    this.#flushes = false;
    this.#misses = false;
    const last = this.#writeBack;
    if (!last.isThere) {
      this.#outcome = Outcome.empty;
      charge(this.#bubbles.writeBack, 1);
      return;
    }
    const { control } = last;
    if (last.replays || (isAccess(control) && data.isRefused)) {
      this.#outcome = Outcome.repeats;
      charge(this.#reasonOfReplay(), 1);
      return;
    }
    if (traps) {
      this.#outcome = Outcome.traps;
      charge(retires ? ISSUE : TRAP_ENTRY, 1);
      this.#flush(TRAP_ENTRY);
      return;
    }
    this.#outcome = Outcome.commits;
    this.#misses = isAccess(control) && data.isPending;
    charge(ISSUE, 1);
    if ((control & flushes) !== 0) this.#flush(this.#bubbles.ofFlush(control));
  }

  /** The rest of a cycle, in which `executed` is the next instruction to commit. */
  #finishCycle(executed: Executed): void {
    const { cycle } = this;
    const data = this.#data;
    const frontEnd = this.#frontEnd;
    const multiplier = this.#multiplier;
    const last = this.#writeBack;
    const memory = this.#memory;
    const execute = this.#execute;
    frontEnd.begin();

    const fromWriteBack = this.#redirectFromWriteBack(executed);
    const isRedirected = fromWriteBack !== NOWHERE;

    // Results that come late share one port with those of write-back.
    const arrived = destinationOf(this.#views.registersAt(data.arrival));
    const portIsTaken = (last.running & writesInteger) !== 0;
    const multiplierAnswers =
      multiplier.isDone(cycle) && !portIsTaken && (data.arrival === 0 || arrived >= FIRST_FLOAT);
    const cleared = multiplierAnswers ? multiplier.destination : arrived;

    // Memory stage: transfers are resolved, late units take their operands.
    const goesOn = memory.isThere && !isRedirected;
    const isStray = goesOn && memory.pc !== executed.pc;
    const isResolved = goesOn && !isStray && !memory.replays;
    let fromMemory = isStray ? executed.pc : NOWHERE;
    let isMispredicted = false;
    let repeats = true;
    if (isResolved) {
      const followsPc = executed.traps ? memory.pc + memory.length : executed.nextPc;
      isMispredicted =
        !executed.isInterrupted &&
        (this.#nextInLine() !== followsPc || isTranslationFence(memory.control));
      if (isMispredicted) fromMemory = followsPc;
      repeats = this.#startLateUnits(memory, executed, cycle);
    }
    const isKilled = !isResolved || executed.traps;
    const isDropped = isKilled || ((memory.control & writesInteger) !== 0 && data.answersNext);
    const isCarriedOut = !isKilled && !repeats;

    // Data cache, with the access of the execute stage behind it.
    const executing = execute.running;
    const asks = (executing & MEMORY) !== 0;
    const hasAddress = isCarriedOut && (executed.hasAccess || isTranslationFence(memory.control));
    const request = asks ? execute.number : NO_INSTRUCTION;
    const fails = hasAddress && this.#fails(memory.control, executed);
    const isRefusedAccess = isResolved && !repeats && executed.traps && executed.hasAccess;
    data.proceed(cycle, hasAddress, isRefusedAccess, fails, request, this.#asksToRead);
    const isRedirecting = isRedirected || fromMemory !== NOWHERE;
    const executeRepeats = execute.isThere && this.#repeats(execute, asks);

    // Decode.
    const { instruction } = frontEnd;
    const number = this.#views.of(instruction.word);
    const stall = this.#stall(number, cleared, portIsTaken);
    const { isInterrupted } = executed;
    const isReleased = stall === NO_STALL || instruction.replays || isInterrupted;
    const isIssued = instruction.isValid && !isRedirecting && isReleased;
    const issued = this.#spare;
    issued.isThere = isIssued;
    if (isIssued) this.#issue(issued, instruction.replays ? NO_INSTRUCTION : number, number);
    if (isInterrupted) issued.becomeInterrupt(this.#views);
    if (data.isIdle && !asks) this.#isFencing = false;
    if ((issued.running & STARTS_FENCE) !== 0) this.#isFencing = true;

    if (isRedirecting) this.#pausedUntil = NEVER;
    if ((issued.running & pauses) !== 0) this.#pause(cycle);

    // Scoreboards and units take their next state.
    if (multiplierAnswers) this.#scoreboard.drop(multiplier.destination);
    if (arrived >= FIRST_FLOAT) this.#float.clearLoad(arrived - FIRST_FLOAT);
    else if (arrived > 0) this.#scoreboard.drop(arrived);
    const commits = this.#outcome === Outcome.commits;
    if (commits) this.#score(last);
    multiplier.tick(multiplierAnswers, isDropped, executing, execute.registers);
    this.#float.tick(cycle, memory.running, memory.registers, isCarriedOut, executing);

    // Fetch.
    if (commits && (last.control & isInstructionFence) !== 0) {
      this.#ports.around.emptyInstructionCache();
    }
    const redirectPc = isRedirected ? fromWriteBack : fromMemory;
    const learns = isMispredicted && (executed.isTaken || (memory.control & TRANSFERS) === 0);
    const update = learns ? updateOf(memory) : undefined;
    frontEnd.end(stall === NO_STALL, redirectPc, isRedirected, update, cycle);
    if (isResolved) this.#learn(memory, executed.isTaken, isMispredicted);

    // Everything moves on.
    this.#bubbles.move(
      this.#redirectReason(isRedirected, isResolved),
      isRedirecting,
      !memory.isThere,
      !execute.isThere,
      isIssued,
      instruction.isValid ? stall : NO_STALL,
      frontEnd.waitsFor,
    );
    if (goesOn && repeats) memory.replays = true;
    if (executeRepeats) execute.replays = true;
    memory.isThere = goesOn && !isStray;
    if (isRedirecting) execute.isThere = false;
    this.#spare = last;
    this.#writeBack = memory;
    this.#memory = execute;
    this.#execute = issued;
    if (isIssued && !issued.replays) {
      const kind = issued.control & MEMORY;
      this.#asksToRead = kind !== Memory.store && kind !== Memory.translationFence;
    }
  }

  /** Late units take the operands of the instruction in the memory stage; says whether it must be repeated instead. */
  #startLateUnits({ control, registers }: Slot, executed: Executed, cycle: number): boolean {
    const float = this.#float;
    const isDropped = (control & writesInteger) !== 0 && this.#data.answersNext;
    const isRefused = (control & isFloat) !== 0 && float.refuses(control, cycle);
    if (isDropped) return true;
    const { operands } = executed;
    this.#multiplier.know(control, operands, cycle);
    if (operands > 0 && !isRefused && floatUnitOf(control) === Unit.divider) {
      float.divide(control, registers, operands, cycle);
    }
    return isRefused;
  }

  /** Whether what is in the execute stage must come again, where `asks` says whether it asks the data cache. */
  #repeats({ replays, control, usesLoad: usesIt }: Slot, asks: boolean): boolean {
    return (
      replays ||
      (asks && !this.#data.isReady) ||
      ((control & arithmetic) !== 0 && this.#multiplier.isBusy) ||
      (usesIt && this.#misses)
    );
  }

  /** What keeps an instruction in decode, given the register that is written late in this cycle. */
  #stall(number: number, cleared: number, portIsTaken: boolean): number {
    const interlock = this.#interlock;
    const execute = this.#execute;
    const memory = this.#memory;
    const last = this.#writeBack;
    interlock.execute = execute.running;
    interlock.executeRegisters = execute.runningRegisters;
    interlock.memory = memory.running;
    interlock.memoryRegisters = memory.runningRegisters;
    interlock.last = last.running;
    interlock.lastRegisters = last.runningRegisters;
    interlock.misses = this.#misses;
    interlock.cleared = cleared;
    interlock.portIsTaken = portIsTaken;
    interlock.isFencing = this.#isFencing;
    interlock.isPausing = this.cycle < this.#pausedUntil;
    return interlock.stall(
      this.#views.controlAt(number),
      this.#views.registersAt(number),
      this.cycle,
    );
  }

  /** Decode lets its instruction go, as something that has a number. */
  #issue(slot: Slot, number: number, decoded: number): void {
    const { instruction } = this.#frontEnd;
    const { running, registers } = this.#memory;
    slot.pc = instruction.pc;
    slot.become(number, this.#views);
    slot.length = instruction.isCompressed ? 2 : 4;
    copyPrediction(instruction, slot);
    slot.usesLoad = usesLoad(this.#views.registersAt(decoded), running, registers);
    slot.replays = instruction.replays;
  }

  /** A PAUSE goes on from decode, and nothing behind it does until it is over. */
  #pause(cycle: number): void {
    const rest = this.#ports.around.pause(cycle);
    this.#pausedUntil = rest === 0 ? NEVER : cycle + rest + 1;
  }

  /** Whether an access on its way to the second stage is a store-conditional that will not store. */
  #fails(control: number, { fails }: Executed): boolean {
    if (fails || (control & MEMORY) !== Memory.storeConditional) return fails;
    return this.#ports.around.isLate(this.cycle + 1) !== 0;
  }

  #redirectFromWriteBack(executed: Executed): number {
    if (this.#flushes) return executed.pc;
    return this.#outcome === Outcome.repeats ? this.#writeBack.pc : NOWHERE;
  }

  /** The address behind the instruction in the memory stage, as far as it has been fetched. */
  #nextInLine(): number {
    if (this.#execute.isThere) return this.#execute.pc;
    const { instruction, offers } = this.#frontEnd;
    return instruction.isValid || offers ? instruction.pc : NOWHERE;
  }

  #reasonOfReplay(): number {
    const { isThere, control } = this.#writeBack;
    if (!isThere) return this.#bubbles.beginning;
    return this.#bubbles.ofReplay(control, this.#data.waitsFor, this.#frontEnd.waitsFor);
  }

  /** The scoreboards take the destination of an instruction whose result comes later than its commit. */
  #score({ control, registers }: Slot): void {
    const isLate = (control & arithmetic) !== 0 || this.#misses;
    const destination = destinationOf(registers);
    if (destination < FIRST_FLOAT) {
      if (isLate && destination > 0) this.#scoreboard.add(destination);
      return;
    }
    if (this.#misses) this.#float.scoreLoad(destination - FIRST_FLOAT);
    this.#float.score(control, registers);
  }

  /** The direction predictor learns from the instruction in the memory stage. */
  #learn(slot: Slot, isTaken: boolean, isMispredicted: boolean): void {
    const { around } = this.#ports;
    const frontEnd = this.#frontEnd;
    const age = frontEnd.outcomes - slot.history;
    const isBranch = (slot.control & Control.isBranch) !== 0;
    const taken = isTaken ? 1 : 0;
    if (isBranch) {
      const { lastHalf } = slot;
      around.resolve(lastHalf - (lastHalf & 3), age, taken);
    }
    if (!isMispredicted) return;
    if (age > 0) around.rewind(age);
    frontEnd.outcomes = slot.history;
    if (!isBranch) return;
    around.predict(taken);
    frontEnd.outcomes += 1;
  }

  #redirectReason(isRedirected: boolean, isResolved: boolean): number {
    const bubbles = this.#bubbles;
    if (isRedirected) return this.#flushes ? bubbles.flush : this.#reasonOfReplay();
    return isResolved ? bubbles.ofTransfer(this.#memory.control) : bubbles.beginning;
  }
}

const { arithmetic, isFloat, writesInteger, isInstructionFence, flushes, pauses } = Control;
/** What accesses behind it have to wait for. */
const STARTS_FENCE = Control.isFence | Control.acquires;

function isAccess(control: number): boolean {
  return (control & MEMORY) !== 0 && !isTranslationFence(control);
}

function isTranslationFence(control: number): boolean {
  return (control & MEMORY) === Memory.translationFence;
}
