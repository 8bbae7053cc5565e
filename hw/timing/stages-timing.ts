import { type I32, i32, type Instruction } from '../isa/index.ts';
import { divideExtraOf, multiplyExtraOf } from './operand-cost.ts';
import { arithmeticOperation, mostArithmeticExtra } from './multiply-divide.ts';
import type { Code } from '../wasm/index.ts';
import { arrivalCode } from './core/walk/arrival-code.ts';
import { walkCode } from './core/walk/walk-code.ts';
import type { WalkSite } from './core/walk/walk-frame.ts';
import { mechanismNumber } from './mechanisms.ts';
import { NO_STALL, type Stall } from './interlock.ts';
import type { TimingParameters } from './parameters.ts';

const FIRST = { type: 'i64', kind: 'register', operand: 'rs1' } as const;
const SECOND = { type: 'i64', kind: 'register', operand: 'rs2' } as const;

/**
 * What an engine needs that generates code for a core in stages, which says itself how long instructions take: nothing but the
 * cycles of multiplications and divisions, which depend on operands.
 */
export class StagesTiming {
  readonly key: string;
  readonly transfers = undefined;
  readonly floats = undefined;
  readonly inStages = true;
  /** The core asks them itself. */
  readonly hasCaches = false;
  readonly issue = mechanismNumber.issue;
  readonly #parameters: TimingParameters;

  readonly #core: number;

  /** What the core in stages keeps in the hart's memory lies `core` bytes behind the start of that. */
  constructor(parameters: TimingParameters, core: number) {
    this.#parameters = parameters;
    this.#core = core;
    this.key = JSON.stringify(['stages', parameters, core]);
  }

  /** The function that follows the path of an instruction that commits. */
  commitCode(site: WalkSite): Code {
    return walkCode(this.#parameters, this.#core, site);
  }

  /** The function that finds what is translated where the core is. */
  arrivalCode({ cycle }: WalkSite, heat: number): Code {
    return arrivalCode(this.#core, cycle, heat);
  }

  stall(): Stall {
    return NO_STALL;
  }

  /** Cycles of a multiplication or division, over `rs1` and `rs2`. */
  operandExtra(instruction: Instruction): I32 | undefined {
    const operation = arithmeticOperation(instruction);
    if (operation === undefined) return undefined;
    if (mostArithmeticExtra(this.#parameters, instruction) === 0) return i32.const(1);
    const extra =
      operation.unit === 'divider'
        ? divideExtraOf(this.#parameters, operation, FIRST, SECOND)
        : multiplyExtraOf(this.#parameters, operation.result, FIRST);
    return i32.add(extra, i32.const(1));
  }

  mostExtra(): number {
    return 0;
  }

  mechanismOf(): number {
    return 0;
  }

  /** The iterative unit for floating-point numbers looks at its operands more closely than generated code does. */
  hasCode({ timing }: Instruction): boolean {
    return !timing.startsWith('floatDivide') && !timing.startsWith('floatSquareRoot');
  }
}
