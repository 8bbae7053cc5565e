import type { Decoded } from '../../isa/index.ts';
import { mechanismNumber } from '../mechanisms.ts';
import type { TimingParameters } from '../parameters.ts';
import { BranchHistory } from './branch-history.ts';
import { BranchTargetBuffer, type TargetUpdate, Transfer } from './branch-target-buffer.ts';
import { type DataAddress, DataPipe, type DataSide } from './data-pipe.ts';
import type { FetchPrediction } from './fetch-packet.ts';
import { type DividerOperands, FloatPipes } from './float-pipes.ts';
import { type FetchOutcome, FrontEnd } from './front-end.ts';
import { usesLoad, waitsForExecute, waitsForMemory, waitsForWriteBack } from './hazards.ts';
import { type InstructionView, NO_INSTRUCTION, viewOf } from './instruction-view.ts';
import { Multiplier } from './multiplier.ts';
import { ReturnStack } from './return-stack.ts';

/** An instruction that the hart has executed, or that trapped, as far as its time depends on it. */
export interface Executed {
  /** Its address, and that of the instruction that follows unless it traps. */
  readonly pc: number;
  readonly nextPc: number;
  /** Whether a branch was taken; jumps always are. */
  readonly isTaken: boolean;
  /** Its access; `undefined` if it made none. */
  readonly access: DataAddress | undefined;
  /** Operands of a multiplication or division. */
  readonly first: bigint;
  readonly second: bigint;
  readonly divider: DividerOperands | undefined;
  /** It takes a trap instead of retiring. */
  readonly traps: boolean;
}

/** What the core is wired to. */
export interface CorePorts {
  readonly parameters: TimingParameters;
  readonly decode: (word: number) => Decoded | undefined;
  /** The aligned word of memory at a virtual address, for fetching; without effect. */
  readonly read: (pc: number) => number;
  /** Instruction TLB and cache: what becomes of a fetch whose first stage is in a cycle. */
  readonly fetch: (pc: number, isCertain: boolean, cycle: number) => FetchOutcome;
  /** The mechanism that fetch waits for, if it lacks something. */
  readonly fetchWaitsFor: () => number | undefined;
  readonly data: DataSide;
  /** Books cycles on a mechanism. */
  readonly charge: (mechanism: number, cycles: number) => void;
  /** Told when FENCE.I empties the instruction cache. */
  readonly onInstructionFence: () => void;
}

/** An instruction on its way through the pipeline. */
interface Slot {
  readonly pc: number;
  readonly view: InstructionView;
  readonly length: number;
  readonly prediction: FetchPrediction;
  /** It was issued while the load whose result it uses was in the memory stage. */
  readonly usesLoad: boolean;
  /** It goes on as something to be fetched again. */
  replays: boolean;
}

const ISSUE = mechanismNumber.issue;
const FETCH = mechanismNumber.fetch;
const LOAD_USE = mechanismNumber['load-use'];
const CSR_USE = mechanismNumber['csr-use'];
const STORE_LOAD = mechanismNumber['store-load'];
const MULTIPLY_DIVIDE = mechanismNumber['multiply-divide'];
const FLOAT = mechanismNumber.float;
const BRANCH = mechanismNumber.branch;
const JUMP = mechanismNumber.jump;
const CSR_FLUSH = mechanismNumber['csr-flush'];
const TRAP_ENTRY = mechanismNumber['trap-entry'];
const FENCE = mechanismNumber.fence;
const DATA_CACHE = mechanismNumber['data-cache'];

const REGISTERS = 32;
/** A commit that takes longer is a defect of the model. */
const MOST_CYCLES = 1_000_000;
const NO_STALL = -1;
const NOBODY = -1;

/** What write-back does with its instruction. */
type Outcome = 'empty' | 'commits' | 'repeats';

/**
 * The five-stage in-order core, cycle by cycle (rocket-chip, RocketCore.scala). The hart executes instructions in its own
 * order; the core fetches the same memory along its own predictions, and lets time pass until each one commits. It stops in the
 * middle of the cycle of a commit, since the rest of that cycle may depend on the next instruction.
 */
export class Core {
  readonly #ports: CorePorts;
  readonly #targets: BranchTargetBuffer;
  readonly #history: BranchHistory;
  readonly #returns: ReturnStack;
  readonly #frontEnd: FrontEnd;
  readonly #float = new FloatPipes();
  readonly #multiplier: Multiplier;
  readonly #data: DataPipe;
  readonly #views = new Map<number, InstructionView>();
  readonly #scoreboard = new Uint8Array(REGISTERS);
  #cycle = 0;
  #execute: Slot | undefined;
  #memory: Slot | undefined;
  #writeBack: Slot | undefined;
  #outcome: Outcome = 'empty';
  #misses = false;
  /** The instruction that commits empties the pipeline, and fetch goes on where the hart does. */
  #flushes = false;
  #isFencing = false;
  /** The command that the last instruction in execute left at the data cache; only stores do not read. */
  #asksToRead = true;
  /** The mechanism that a stage without an instruction waits for. */
  #executeBubble = FETCH;
  #memoryBubble = FETCH;
  #writeBackBubble = FETCH;
  #fetchBubble = FETCH;
  #flushReason = FETCH;

  constructor(ports: CorePorts) {
    const { parameters, read } = ports;
    this.#ports = ports;
    this.#targets = new BranchTargetBuffer(
      parameters.branchTargetEntries,
      parameters.branchTargetPages,
    );
    this.#history = new BranchHistory({
      entries: parameters.branchHistoryEntries,
      length: parameters.branchHistoryLength,
      bits: parameters.branchHistoryBits,
    });
    this.#returns = new ReturnStack(parameters.returnStackEntries);
    this.#frontEnd = new FrontEnd({
      targets: this.#targets,
      history: this.#history,
      returns: this.#returns,
      entries: parameters.branchTargetEntries,
      read,
      look: (pc, isCertain) => ports.fetch(pc, isCertain, this.#cycle),
    });
    this.#multiplier = new Multiplier(parameters);
    this.#data = new DataPipe(ports.data);
  }

  /** Power-on: an empty pipeline, which will begin to fetch where the hart begins. */
  reset(): void {
    this.#targets.reset();
    this.#history.reset();
    this.#returns.reset();
    this.#frontEnd.reset();
    this.#float.reset();
    this.#multiplier.reset();
    this.#data.reset();
    this.#scoreboard.fill(0);
    this.#cycle = 0;
    this.#execute = undefined;
    this.#memory = undefined;
    this.#writeBack = undefined;
    this.#outcome = 'empty';
    this.#isFencing = false;
    this.#flush(FETCH);
  }

  /** Lets time pass, from `cycle` of the hart on, until an instruction commits or takes its trap. */
  commit(executed: Executed, cycle: number): void {
    // The hart has waited in the meantime.
    if (cycle > this.#cycle) this.#cycle = cycle;
    for (let passed = 0; passed < MOST_CYCLES; passed++) {
      this.#finishCycle(executed);
      this.#cycle += 1;
      this.#beginCycle(executed);
      if (this.#outcome === 'commits') return;
    }
    throw new Error(`the core never commits 0x${executed.pc.toString(16)}`);
  }

  /** What follows the instruction that has just committed is a trap's handler. */
  redirectToTrap(): void {
    this.#flush(TRAP_ENTRY);
  }

  #flush(reason: number): void {
    this.#flushes = true;
    this.#flushReason = reason;
  }

  /** Write-back. */
  #beginCycle({ traps }: Executed): void {
    const { charge } = this.#ports;
    this.#data.begin(this.#cycle);
    this.#flushes = false;
    this.#misses = false;
    const slot = this.#writeBack;
    if (slot === undefined) {
      this.#outcome = 'empty';
      charge(this.#writeBackBubble, 1);
      return;
    }
    const { view } = slot;
    if (slot.replays || (isAccess(view) && this.#data.isRefused)) {
      this.#outcome = 'repeats';
      charge(this.#replayReason(slot), 1);
      return;
    }
    this.#outcome = 'commits';
    this.#misses = isAccess(view) && this.#data.isPending;
    charge(traps ? TRAP_ENTRY : ISSUE, 1);
    if (traps || view.flushes) this.#flush(traps ? TRAP_ENTRY : flushReason(view));
  }

  /** The rest of a cycle, in which `executed` is the next instruction to commit. */
  #finishCycle(executed: Executed): void {
    const [data, float, frontEnd, multiplier] = [
      this.#data,
      this.#float,
      this.#frontEnd,
      this.#multiplier,
    ];
    const cycle = this.#cycle;
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
        multiplier.know(view, executed.first, executed.second, cycle);
        if (view.floatUnit === 'divider' && !isRefused && executed.divider !== undefined) {
          float.divide(view, executed.divider, cycle);
        }
      }
    }

    // Data cache, with the access of the execute stage behind it.
    const execute = this.#execute;
    const executing = execute?.replays === false ? execute.view : undefined;
    const request = executing !== undefined && executing.memory !== 'none' ? executing : undefined;
    const goesOn = resolved !== undefined && !isDropped && !isRefused;
    data.proceed(
      cycle,
      goesOn && !executed.traps ? addressOf(resolved, executed) : undefined,
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
    const view = this.#viewOf(instruction.word);
    const stall = this.#stall(view, cleared, portIsTaken);
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

    // Scoreboards and units take their next state.
    if (multiplierAnswers) this.#scoreboard[multiplier.destination] = 0;
    if (arrived !== undefined && arrived.rd > 0) this.#scoreboard[arrived.rd] = 0;
    if (arrived !== undefined && arrived.frd >= 0) float.clearLoad(arrived.frd);
    if (last !== undefined && this.#outcome === 'commits') this.#score(last.view);
    multiplier.tick(multiplierAnswers, resolved === undefined || isDropped, executing);
    const inMemory = this.#memory?.replays === false ? this.#memory.view : undefined;
    float.tick(cycle, inMemory, goesOn, executing);

    // Fetch.
    const redirectPc = fromWriteBack ?? fromMemory;
    if (this.#outcome === 'commits' && last?.view.isInstructionFence === true) {
      this.#ports.onInstructionFence();
    }
    frontEnd.end(stall === NO_STALL, redirectPc, isRedirected, update);
    if (resolved !== undefined) this.#learn(resolved, executed, isMispredicted);

    // Everything moves on.
    const reason = this.#redirectReason(isRedirected, resolved);
    if (isRedirecting) this.#fetchBubble = reason;
    this.#writeBackBubble = this.#memory === undefined ? this.#memoryBubble : reason;
    this.#memoryBubble = execute === undefined ? this.#executeBubble : reason;
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
    if (isRedirecting) this.#executeBubble = reason;
    else if (instruction.isValid && stall !== NO_STALL) this.#executeBubble = stall;
    else if (this.#fetchBubble !== FETCH) this.#executeBubble = this.#fetchBubble;
    else this.#executeBubble = this.#ports.fetchWaitsFor() ?? FETCH;
    if (issued !== undefined) this.#fetchBubble = FETCH;
  }

  #redirectFromWriteBack(executed: Executed): number | undefined {
    if (this.#flushes) return executed.pc;
    return this.#outcome === 'repeats' ? this.#writeBack?.pc : undefined;
  }

  /** The address behind the instruction in the memory stage, as far as it has been fetched. */
  #nextInLine(): number | undefined {
    if (this.#execute !== undefined) return this.#execute.pc;
    const { instruction } = this.#frontEnd.buffer;
    const isThere = instruction.isValid || this.#frontEnd.offered !== undefined;
    return isThere ? instruction.pc : undefined;
  }

  #viewOf(word: number): InstructionView {
    let view = this.#views.get(word);
    if (view === undefined) {
      const decoded = this.#ports.decode(word);
      view = decoded === undefined ? NO_INSTRUCTION : viewOf(decoded);
      this.#views.set(word, view);
    }
    return view;
  }

  /** What keeps an instruction in decode, if anything does. */
  #stall(view: InstructionView, cleared: number, portIsTaken: boolean): number {
    const [data, float, multiplier] = [this.#data, this.#float, this.#multiplier];
    const execute = this.#execute?.replays === false ? this.#execute.view : undefined;
    const memory = this.#memory?.replays === false ? this.#memory.view : undefined;
    const last = this.#writeBack?.replays === false ? this.#writeBack.view : undefined;
    if (execute !== undefined && waitsForExecute(view, execute)) return resultReason(execute);
    if (memory !== undefined && waitsForMemory(view, memory)) return resultReason(memory);
    if (last !== undefined && waitsForWriteBack(view, last, this.#misses)) {
      return resultReason(last);
    }
    const waits = (register: number): boolean =>
      register > 0 && this.#scoreboard[register] === 1 && register !== cleared;
    if (waits(view.rs1) || waits(view.rs2) || waits(view.rd)) return MULTIPLY_DIVIDE;
    const isScored = (register: number): boolean => float.isScored(register);
    if ([view.frs1, view.frs2, view.frs3, view.frd].some(isScored)) return FLOAT;
    if (view.isFloatCsr && !this.#flagsAreSettled(execute, memory, last)) return FLOAT;
    if (view.memory !== 'none' && data.blocksDecode) return data.waitsFor ?? DATA_CACHE;
    if (view.arithmetic !== undefined) {
      const isFree = !multiplier.isBusy || (multiplier.isDone(this.#cycle) && !portIsTaken);
      if (!isFree || execute?.arithmetic !== undefined) return MULTIPLY_DIVIDE;
    }
    const isBusy = !data.isIdle || (execute !== undefined && execute.memory !== 'none');
    const fences = view.releases || view.isInstructionFence;
    if (isBusy && (fences || (this.#isFencing && view.memory !== 'none'))) return FENCE;
    return NO_STALL;
  }

  #flagsAreSettled(
    execute: InstructionView | undefined,
    memory: InstructionView | undefined,
    last: InstructionView | undefined,
  ): boolean {
    if (execute?.setsFlags === true || memory?.setsFlags === true) return false;
    if (last?.isFloat === true && last.toInteger) return false;
    return !this.#float.isWriting && !this.#float.isDividing(this.#cycle);
  }

  /** The scoreboards take the destination of an instruction whose result comes later than its commit. */
  #score(view: InstructionView): void {
    const isLate = view.arithmetic !== undefined || this.#misses;
    if (isLate && view.rd > 0) this.#scoreboard[view.rd] = 1;
    if (this.#misses && view.frd >= 0) this.#float.scoreLoad(view.frd);
    this.#float.score(view);
  }

  /** The direction predictor learns from the instruction in the memory stage. */
  #learn(
    { pc, view, length, prediction }: Slot,
    executed: Executed,
    isMispredicted: boolean,
  ): void {
    const history = this.#history;
    if (view.transfer === 'branch') {
      const taken = executed.isTaken ? 1 : 0;
      const packet = lastHalf(pc, length);
      history.resolve(packet - (packet % 4), prediction.history, taken, isMispredicted);
    } else if (isMispredicted) history.history = prediction.history;
  }

  #replayReason({ view }: Slot): number {
    if (view.memory !== 'none') return this.#data.waitsFor ?? STORE_LOAD;
    return view.isFloat ? FLOAT : (this.#ports.fetchWaitsFor() ?? FETCH);
  }

  #redirectReason(isRedirected: boolean, memory: Slot | undefined): number {
    if (isRedirected) {
      if (this.#flushes) return this.#flushReason;
      return this.#writeBack === undefined ? FETCH : this.#replayReason(this.#writeBack);
    }
    if (memory === undefined) return FETCH;
    return memory.view.transfer === 'branch' ? BRANCH : JUMP;
  }
}

function isAccess({ memory }: InstructionView): boolean {
  return memory !== 'none' && memory !== 'translationFence';
}

const SOMEWHERE: DataAddress = {
  virtual: 0,
  page: 0,
  physical: 0,
  latencyClass: undefined,
  fails: false,
};

function addressOf({ view }: Slot, { access }: Executed): DataAddress | undefined {
  return view.memory === 'translationFence' ? SOMEWHERE : access;
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

function resultReason(view: InstructionView): number {
  if (view.memory !== 'none') return LOAD_USE;
  if (view.arithmetic !== undefined) return MULTIPLY_DIVIDE;
  if (view.isFloat) return FLOAT;
  return view.isCsr ? CSR_USE : JUMP;
}

function flushReason(view: InstructionView): number {
  if (view.isInstructionFence) return FENCE;
  return view.memory === 'translationFence' ? mechanismNumber['translation-fence'] : CSR_FLUSH;
}
