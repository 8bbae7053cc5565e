import type { Instruction } from '../isa/index.ts';
import type { TimingParameters } from './parameters.ts';

/** What a multiplication or division does, as far as its time depends on it. */
export type ArithmeticOperation =
  | { readonly unit: 'multiplier'; readonly result: 'low' | 'word' | 'high' }
  | {
      readonly unit: 'divider';
      readonly signed: boolean;
      readonly word: boolean;
      readonly remainder: boolean;
    };

/** The operation of an instruction of timing class `multiply`, `multiplyHigh` or `divide`; `undefined` for any other. */
export function arithmeticOperation({
  name,
  timing,
}: Instruction): ArithmeticOperation | undefined {
  const word = name.endsWith('w');
  switch (timing) {
    case 'multiply':
      return { unit: 'multiplier', result: word ? 'word' : 'low' };
    case 'multiplyHigh':
      return { unit: 'multiplier', result: 'high' };
    case 'divide': {
      const signed = !name.replace(/w$/, '').endsWith('u');
      return { unit: 'divider', signed, word, remainder: name.startsWith('rem') };
    }
    default:
      return undefined;
  }
}

/** Number of the highest set bit, 0 for 0 and for 1. */
function highestBit(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length - 1;
}

/** Bytes that hold the value as an unsigned number, at least 1. */
function byteLength(value: bigint): number {
  return Math.floor(highestBit(value) / 8) + 1;
}

/** The most cycles on top of issue that an instruction spends in the multiplier or the divider. */
export function mostArithmeticExtra(
  parameters: TimingParameters,
  instruction: Instruction,
): number {
  const operation = arithmeticOperation(instruction);
  if (operation === undefined) return 0;
  const { divideBase, divideIteration, divideNegation } = parameters;
  const { divideByZero, divideOverflow } = parameters;
  // As many iterations as there are bits, and a cycle for each of two signs.
  if (operation.unit === 'divider') {
    return (
      Math.max(
        divideBase + 64 * divideIteration + 2 * divideNegation,
        divideByZero,
        divideOverflow,
      ) - 1
    );
  }
  return multiplyCycles(parameters, operation.result, (1n << 64n) - 1n) - 1;
}

/** Cycles of an operation on two operands. */
export function arithmeticCycles(
  parameters: TimingParameters,
  operation: ArithmeticOperation,
  first: bigint,
  second: bigint,
): number {
  return operation.unit === 'divider'
    ? divideCycles(parameters, operation, first, second)
    : multiplyCycles(parameters, operation.result, first);
}

/** Cycles of a multiplication: early out on the bytes of the first operand; docs/timing.md, "Multiply". */
export function multiplyCycles(
  parameters: TimingParameters,
  operation: 'low' | 'word' | 'high',
  first: bigint,
): number {
  const { multiplyBase, multiplyIterations, multiplyWordIterations, multiplyHigh } = parameters;
  if (operation === 'high') return multiplyHigh;
  const isWord = operation === 'word';
  const most = isWord ? multiplyWordIterations : multiplyIterations;
  const operand = isWord ? BigInt.asUintN(32, first) : first;
  return multiplyBase + Math.min(most, byteLength(operand) + 1);
}

/** Cycles of a division or remainder; docs/timing.md, "Divide". */
export function divideCycles(
  parameters: TimingParameters,
  operation: { readonly signed: boolean; readonly word: boolean; readonly remainder: boolean },
  first: bigint,
  second: bigint,
): number {
  const width = operation.word ? 32 : 64;
  const value = (bits: bigint): bigint =>
    operation.signed ? BigInt.asIntN(width, bits) : BigInt.asUintN(width, bits);
  const dividend = value(first);
  const divisor = value(second);
  if (divisor === 0n) return parameters.divideByZero;
  if (divisor === -1n && dividend === -(1n << 63n)) return parameters.divideOverflow;
  const a = dividend < 0n ? -dividend : dividend;
  const b = divisor < 0n ? -divisor : divisor;
  const difference = (highestBit(a) - highestBit(b) + 64) % 64;
  const isNegated = operation.remainder ? dividend < 0n : dividend < 0n !== divisor < 0n;
  const signs = (dividend < 0n || divisor < 0n ? 1 : 0) + (isNegated ? 1 : 0);
  const bits = difference - (difference === 63 ? 1 : 0);
  const { divideBase, divideIteration, divideNegation } = parameters;
  return divideBase + bits * divideIteration + signs * divideNegation;
}
