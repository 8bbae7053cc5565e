import { type Decoded, type I32, i32, type Instruction } from '../isa/index.ts';
import { floatDividerCycles } from './float-latency.ts';
import {
  type FloatOperand,
  floatOperandsOf,
  floatResultGap,
  mostFloatWait,
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
  /** The longest wait. */
  readonly most: number;
  readonly #parameters: TimingParameters;

  constructor(parameters: TimingParameters, offset: number) {
    this.#parameters = parameters;
    this.offset = offset;
    this.most = mostFloatWait(parameters);
  }

  /** The operands that an instruction waits for. */
  operandsOf(instruction: Instruction): readonly FloatOperand[] {
    return floatOperandsOf(instruction);
  }

  /** The gap from an instruction to users of the register that it writes; 0 if it writes none. */
  gapOf(instruction: Instruction): number {
    return floatResultGap(this.#parameters, instruction);
  }
}

/** What engines that generate code need of the pipeline: the costs of plain instructions as tables and as code. */
export class CompiledTiming {
  readonly inStages = false;
  readonly issue = mechanismNumber.issue;
  /** `undefined` where transfers cost nothing, so that nobody can tell how they were predicted. */
  readonly transfers: TransferCode | undefined;
  /** `undefined` where nothing is waited for. */
  readonly floats: FloatWaits | undefined;
  /** The same for timings that generate the same code. */
  readonly key: string;
  readonly #parameters: TimingParameters;
  readonly #canDelay = new Map<Instruction, boolean>();

  /** The pipeline's state lies `pipelineOffset` bytes behind the start of the hart's memory. */
  constructor(parameters: TimingParameters, pipelineOffset: number) {
    this.#parameters = parameters;
    this.key = JSON.stringify([parameters, pipelineOffset]);
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
    const divider = floatDividerCycles(this.#parameters, instruction.timing);
    if (divider !== undefined && divider > 1) return i32.const(divider - 1);
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
      default: {
        const divider = floatDividerCycles(this.#parameters, instruction.timing);
        if (divider !== undefined) return divider - 1 + this.#mostFloatWait(instruction);
        return (
          mostArithmeticExtra(this.#parameters, instruction) + this.#mostFloatWait(instruction)
        );
      }
    }
  }

  #mostFloatWait(instruction: Instruction): number {
    const { floats } = this;
    return floats === undefined || floats.operandsOf(instruction).length === 0 ? 0 : floats.most;
  }

  hasCode(): boolean {
    return true;
  }

  /** Number of the mechanism that owns what an instruction costs on top of issue. */
  mechanismOf({ timing }: Instruction): number {
    if (timing === 'branch') return mechanismNumber.branch;
    if (timing === 'jump' || timing === 'jumpRegister') return mechanismNumber.jump;
    const isFloat = floatDividerCycles(this.#parameters, timing) !== undefined;
    return mechanismNumber[isFloat ? 'float' : 'multiply-divide'];
  }
}
