import type { Decoded, I32, Instruction } from '../isa/index.ts';
import { floatDivisionGapOf } from './float-division.ts';
import {
  FLOAT_UNIT_OFFSET,
  type FloatOperand,
  floatOperandsOf,
  floatResultGap,
  mostFloatWaits,
  UNIT_LEAD,
} from './float-registers.ts';
import { canDelay, interlock, NO_STALL, type Stall } from './interlock.ts';
import { mechanismNumber } from './mechanisms.ts';
import { arithmeticOperation, mostArithmeticExtra } from './multiply-divide.ts';
import { divideExtraOf, multiplyExtraOf } from './operand-cost.ts';
import type { TimingParameters } from './parameters.ts';
import { areTransfersTimed, floatRegisterOffset, predictorOffset } from './pipeline.ts';
import { TransferCode } from './transfer/transfer-code.ts';

const FIRST = { type: 'i64', kind: 'register', operand: 'rs1' } as const;
const SECOND = { type: 'i64', kind: 'register', operand: 'rs2' } as const;

/** Waits for floating-point registers, as generated code makes them (`FloatRegisters`). */
class FloatWaits {
  /** Where the words of the registers begin, behind the start of the hart's memory. */
  readonly offset: number;
  readonly leaf = mechanismNumber.float;
  /** The longest wait, and the longest for what is not divided. */
  readonly most: number;
  readonly mostPipelined: number;
  readonly unit: { readonly offset: number; readonly retry: number; readonly lead: number };
  readonly #parameters: TimingParameters;

  constructor(parameters: TimingParameters, offset: number) {
    this.#parameters = parameters;
    this.offset = offset;
    const { divided, pipelined } = mostFloatWaits(parameters);
    this.most = divided;
    this.mostPipelined = pipelined;
    const retry = parameters.floatUnitRetry;
    this.unit = { offset: offset + FLOAT_UNIT_OFFSET, retry, lead: UNIT_LEAD };
  }

  /** The operands that an instruction waits for. */
  operandsOf(instruction: Instruction): readonly FloatOperand[] {
    return floatOperandsOf(instruction);
  }

  /** The gap from an instruction to users of the register that it writes; 0 if it writes none. */
  gapOf(instruction: Instruction): number {
    return floatResultGap(this.#parameters, instruction);
  }

  /** The same of a division, which goes to the iterative unit. */
  divisionGapOf(instruction: Instruction): I32 | undefined {
    return floatDivisionGapOf(this.#parameters, instruction);
  }
}

/** What engines that generate code need of the pipeline: the costs of plain instructions as tables and as code. */
export class CompiledTiming {
  readonly inStages = false;
  readonly hasCaches: boolean;
  readonly issue = mechanismNumber.issue;
  /** `undefined` where transfers cost nothing, so that nobody can tell how they were predicted. */
  readonly transfers: TransferCode | undefined;
  /** `undefined` where nothing is waited for. */
  readonly floats: FloatWaits | undefined;
  /** The same for timings that generate the same code. */
  readonly key: string;
  readonly #parameters: TimingParameters;
  readonly #canDelay = new Map<Instruction, boolean>();

  /** The pipeline's state lies `pipelineOffset` bytes behind the start of the hart's memory; `hasCaches` where those are modelled. */
  constructor(parameters: TimingParameters, pipelineOffset: number, hasCaches = false) {
    this.#parameters = parameters;
    this.hasCaches = hasCaches;
    this.key = JSON.stringify([parameters, pipelineOffset, hasCaches]);
    this.transfers = areTransfersTimed(parameters)
      ? new TransferCode(parameters, pipelineOffset + predictorOffset)
      : undefined;
    const floats = new FloatWaits(parameters, pipelineOffset + floatRegisterOffset);
    this.floats = floats.most > 0 ? floats : undefined;
  }

  /** How long `current` waits for those before it, executed in line. */
  stall(older: Decoded | undefined, previous: Decoded, current: Decoded): Stall {
    const delays = this.#delays(previous) || (older !== undefined && this.#delays(older));
    return delays ? interlock(this.#parameters, older, previous, current) : NO_STALL;
  }

  #delays(producer: Decoded): boolean {
    const { instruction } = producer;
    let delays = this.#canDelay.get(instruction);
    if (delays === undefined) {
      delays = canDelay(this.#parameters, producer);
      this.#canDelay.set(instruction, delays);
    }
    return delays;
  }

  /** Cycles on top of issue, which may depend on the operands, over `rs1` and `rs2`. */
  operandExtra(instruction: Instruction): I32 | undefined {
    const operation = arithmeticOperation(instruction);
    const costs = mostArithmeticExtra(this.#parameters, instruction) > 0;
    if (operation === undefined || !costs) return undefined;
    return operation.unit === 'divider'
      ? divideExtraOf(this.#parameters, operation, FIRST, SECOND)
      : multiplyExtraOf(this.#parameters, operation.result, FIRST);
  }

  /** The most cycles on top of issue that an instruction can cost, stalls apart. */
  mostExtra(instruction: Instruction): number {
    const { branchMispredict, untargetedTransfer } = this.#parameters;
    switch (instruction.timing) {
      case 'branch':
      case 'jump':
      case 'jumpRegister':
        return Math.max(branchMispredict, untargetedTransfer);
      default:
        return (
          mostArithmeticExtra(this.#parameters, instruction) + this.#mostFloatWait(instruction)
        );
    }
  }

  #mostFloatWait(instruction: Instruction): number {
    const { floats } = this;
    if (floats === undefined || floats.operandsOf(instruction).length === 0) return 0;
    // Behind a division others wait as long as it takes, but no more than once.
    return floats.divisionGapOf(instruction) === undefined ? floats.mostPipelined : floats.most;
  }

  hasCode(): boolean {
    return true;
  }

  /** Number of the mechanism that owns what an instruction costs on top of issue. */
  mechanismOf({ timing }: Instruction): number {
    if (timing === 'branch') return mechanismNumber.branch;
    if (timing === 'jump' || timing === 'jumpRegister') return mechanismNumber.jump;
    return mechanismNumber['multiply-divide'];
  }
}
