import { type Decoded, isLink } from '../isa/index.ts';
import type { ByteRange } from '../kernel/index.ts';
import {
  BranchPredictor,
  branchPredictorBytes,
  type Halves,
  keptPredictorBytes,
  Prediction,
} from './branch-predictor.ts';
import { fetchInVain } from './fetched-in-vain.ts';
import { floatDivisionGap } from './float-division.ts';
import { floatDividerCycles } from './float-latency.ts';
import {
  FLOAT_STATE_BYTES,
  floatRegistersOf,
  FloatRegisters,
  floatResultGap,
} from './float-registers.ts';
import { interlock, NO_STALL, type Stall } from './interlock.ts';
import { mechanismNumber } from './mechanisms.ts';
import { arithmeticOperation, divideCycles, multiplyCycles } from './multiply-divide.ts';
import type { TimingParameters } from './parameters.ts';
import { PENDING_ACCESS_BYTES, PendingAccess } from './pending-access.ts';
import { pipelineAccess } from './pipeline-view.ts';

/** A decoded instruction with what its timing needs worked out once. */
export interface Timed {
  readonly decoded: Decoded;
  /** Cycles on top of issue that every execution costs, and the mechanism that owns them. */
  readonly fixedExtra: number;
  readonly fixedLeaf: number;
  /** Whether the cycles depend on operands, `operandExtra`, or on where it went, `transferExtra`; or those of its users, `floatDivisionGap`. */
  readonly dynamic: 'none' | 'operands' | 'transfer' | 'floatDivision';
  /** The floating-point registers that it waits for, and the gap to users of the one that it writes; 0 if it writes none. */
  readonly floats: readonly number[];
  readonly floatGap: number;
  /** The last interlock worked out, and the words before it. */
  stall: Stall;
  stallOlder: number;
  stallPrevious: number;
}

/** Words of straight-line code before the current instruction; 0 is none. */
const HISTORY_WORDS = 2;
/** Behind them, where the access to a device lies that is on its way. */
const PENDING_ACCESS = 8;
const HIGH = 2 ** 32;

/** Where in the pipeline's state it says when floating-point registers can be used. */
export const floatRegisterOffset = PENDING_ACCESS + PENDING_ACCESS_BYTES;
/** Where the predictor's state begins in it. */
export const predictorOffset = floatRegisterOffset + FLOAT_STATE_BYTES;

/** Bytes of hart memory that the pipeline's state takes. */
export function pipelineBytes(parameters: TimingParameters): number {
  return predictorOffset + branchPredictorBytes(parameters);
}

/** Whether it can be seen how a transfer was predicted. */
export function areTransfersTimed({
  branchMispredict,
  untargetedTransfer,
}: TimingParameters): boolean {
  return Math.max(branchMispredict, untargetedTransfer) > 0;
}

/** The bytes of a pipeline that decide something, from its start; the others follow from them. */
export function keptPipelineBytes(parameters: TimingParameters): readonly ByteRange[] {
  const kept = areTransfersTimed(parameters) ? keptPredictorBytes(parameters) : [];
  const predictor = kept.map(({ offset, bytes }) => {
    return { offset: predictorOffset + offset, bytes };
  });
  return [{ offset: 0, bytes: predictorOffset }, ...predictor];
}

/**
 * In-order, single-issue pipeline of a hart; docs/timing.md. It says what an instruction costs; the hart books it. All its
 * state is in the bytes it is given.
 */
export class Pipeline {
  readonly parameters: TimingParameters;
  /** The access past the caches that is on its way. */
  readonly pending: PendingAccess;
  readonly #history: Uint32Array;
  readonly #floats: FloatRegisters;
  readonly #predictor: BranchPredictor;
  readonly #decode: (word: number) => Decoded | undefined;

  constructor(
    parameters: TimingParameters,
    decode: (word: number) => Decoded | undefined,
    buffer: ArrayBuffer,
    offset: number,
  ) {
    this.parameters = parameters;
    this.#decode = decode;
    this.#history = new Uint32Array(buffer, offset, HISTORY_WORDS);
    this.#floats = new FloatRegisters(parameters, buffer, offset + floatRegisterOffset);
    this.#predictor = new BranchPredictor(parameters, buffer, offset + predictorOffset);
    this.pending = new PendingAccess(buffer, offset + PENDING_ACCESS);
  }

  /** Empties pipeline and predictors. */
  reset(): void {
    this.refetch();
    this.#floats.reset();
    this.pending.reset();
    this.#predictor.reset();
  }

  /** Works out anew what follows from the bytes that a checkpoint has kept. */
  restored(): void {
    this.#predictor.restored();
  }

  /** The instruction that ends with a half-word has sent fetch back from write-back; `read` yields words of its page. */
  fetchesAgain(high: number, low: number, read: (low: number) => number): void {
    if (areTransfersTimed(this.parameters)) fetchInVain(this.#predictor, high, low, read);
  }

  /** Works out what does not change from one execution to the next. */
  time(decoded: Decoded): Timed {
    const { parameters } = this;
    const { cycles, leaf } = this.#fixed(decoded);
    return {
      decoded,
      fixedExtra: cycles,
      fixedLeaf: leaf,
      dynamic: dynamicPart(parameters, decoded),
      floats: floatRegistersOf(decoded),
      floatGap: floatResultGap(parameters, decoded.instruction),
      stall: NO_STALL,
      stallOlder: 0,
      stallPrevious: 0,
    };
  }

  /** How long an instruction waits for those that were executed in line before it. */
  stallBefore(timed: Timed): Stall {
    const older = this.#history[0] ?? 0;
    const previous = this.#history[1] ?? 0;
    if (previous === 0) return NO_STALL;
    if (timed.stallOlder !== older || timed.stallPrevious !== previous) {
      timed.stallOlder = older;
      timed.stallPrevious = previous;
      const at = (word: number): Decoded | undefined =>
        word === 0 ? undefined : this.#decode(word);
      timed.stall = interlock(this.parameters, at(older), at(previous), timed.decoded);
    }
    return timed.stall;
  }

  /** How long an instruction that could issue in a cycle waits for floating-point registers. */
  floatWait({ floats }: Timed, cycle: number): number {
    return floats.length === 0 ? 0 : this.#floats.wait(floats, cycle);
  }

  /** The gap from a floating-point division with these operand values to users of its result. */
  floatDivisionGap({ instruction }: Decoded, first: bigint, second: bigint): number {
    return floatDivisionGap(this.parameters, instruction, first, second);
  }

  /** Notes the cycle in which an instruction has issued that writes a floating-point register, and a division's gap. */
  writeFloat({ decoded, floatGap, dynamic }: Timed, cycle: number, divisionGap: number): void {
    if (dynamic === 'floatDivision') this.#floats.divide(decoded.frd, cycle, divisionGap);
    else this.#floats.write(decoded.frd, cycle, floatGap);
  }

  /** Notes that an instruction was executed and the next one in memory follows. */
  fallThrough(word: number): void {
    this.#history[0] = this.#history[1] ?? 0;
    this.#history[1] = word;
  }

  /** Words of the last two instructions in line, the older first; 0 is none. */
  get history(): Uint32Array {
    return this.#history;
  }

  /** Notes that the pipeline has been emptied: a taken transfer, a trap, a flush. */
  refetch(): void {
    this.#history[0] = 0;
    this.#history[1] = 0;
  }

  /** Cycles on top of issue of a multiplication or division with these operand values. */
  operandExtra({ instruction }: Decoded, first: bigint, second: bigint): number {
    const operation = arithmeticOperation(instruction);
    if (operation === undefined) return 0;
    return operation.unit === 'divider'
      ? divideCycles(this.parameters, operation, first, second) - 1
      : multiplyCycles(this.parameters, operation.result, first) - 1;
  }

  /** Cycles on top of issue of a branch or jump from `pc` that led to `next`. */
  transferExtra(decoded: Decoded, pc: Halves, next: Halves, links: Halves): number {
    const { rd, rs1, imm } = decoded;
    const pushed = isLink(rd) ? links : undefined;
    // A transfer is known by the half-word that ends it.
    const last = distant(links, -2);
    switch (decoded.instruction.timing) {
      case 'branch': {
        const taken = next.low !== links.low || next.high !== links.high;
        const target = taken ? next : distant(pc, Number(imm));
        return this.#extraOf(this.#predictor.branch(last, taken, target));
      }
      case 'jump':
        return this.#extraOf(this.#predictor.jump(last, next, pushed));
      default: {
        const isReturn = isLink(rs1) && rs1 !== rd;
        return this.#extraOf(this.#predictor.jumpRegister(last, next, { isReturn, links: pushed }));
      }
    }
  }

  #extraOf(prediction: Prediction): number {
    if (prediction === Prediction.right) return 0;
    const { branchMispredict, untargetedTransfer } = this.parameters;
    return prediction === Prediction.wrong ? branchMispredict : untargetedTransfer;
  }

  #fixed(decoded: Decoded): { cycles: number; leaf: number } {
    const { parameters } = this;
    switch (decoded.instruction.timing) {
      case 'instructionFence':
        return { cycles: parameters.instructionFence - 1, leaf: mechanismNumber.fence };
      case 'translationFence':
        return {
          cycles: parameters.translationFence - 1,
          leaf: mechanismNumber['translation-fence'],
        };
      case 'trapReturn':
        return { cycles: parameters.trapReturn - 1, leaf: mechanismNumber['trap-return'] };
      case 'wait':
        return { cycles: parameters.waitForInterrupt - 1, leaf: mechanismNumber.wait };
      case 'branch':
        return { cycles: 0, leaf: mechanismNumber.branch };
      case 'jump':
      case 'jumpRegister':
        return { cycles: 0, leaf: mechanismNumber.jump };
      case 'multiply':
      case 'multiplyHigh':
      case 'divide':
        return { cycles: 0, leaf: mechanismNumber['multiply-divide'] };
      default: {
        const forGuest = pipelineAccess(decoded)?.forGuest === true;
        return {
          cycles: forGuest ? parameters.guestAccessFlush : 0,
          leaf: mechanismNumber['guest-access-flush'],
        };
      }
    }
  }
}

/** The address so many bytes behind another, or before it. */
function distant({ high, low }: Halves, bytes: number): Halves {
  const sum = low + bytes;
  return { high: (high + Math.floor(sum / HIGH)) >>> 0, low: sum >>> 0 };
}

function dynamicPart(parameters: TimingParameters, { instruction }: Decoded): Timed['dynamic'] {
  if (floatDividerCycles(parameters, instruction.timing) !== undefined) return 'floatDivision';
  switch (instruction.timing) {
    case 'multiply':
    case 'multiplyHigh':
    case 'divide':
      return 'operands';
    case 'branch':
    case 'jump':
    case 'jumpRegister':
      return 'transfer';
    default:
      return 'none';
  }
}
