/** Operations on two registers, and on a register and an immediate, that the functions are made of. */
export const operations = ['add', 'sub', 'xor', 'or', 'and', 'mul', 'sll', 'srl', 'sltu'] as const;
export const immediateOperations = ['addi', 'xori', 'andi', 'slli', 'srli'] as const;

/** One instruction of a generated function; registers are numbered 0 to `registerCount` - 1. */
export type Step =
  | {
      readonly kind: 'compute';
      readonly operation: (typeof operations)[number];
      readonly target: number;
      readonly left: number;
      readonly right: number;
    }
  | {
      readonly kind: 'immediate';
      readonly operation: (typeof immediateOperations)[number];
      readonly target: number;
      readonly source: number;
      readonly value: number;
    }
  | { readonly kind: 'load' | 'store'; readonly register: number; readonly word: number }
  /** Leaves out the next `count` steps if `left` is less than `right`, unsigned. */
  | {
      readonly kind: 'skip';
      readonly left: number;
      readonly right: number;
      readonly count: number;
    };

/** Registers that the functions share, and doublewords of memory. */
export const registerCount = 10;
export const wordCount = 256;

/** A function: steps, of which those from one on to the last are done again and again. */
export interface ColdFunction {
  readonly steps: readonly Step[];
  readonly loopFrom: number;
  /** How often they are done, at least once. */
  readonly times: number;
}

/** What an iteration does. */
export interface ColdProgram {
  readonly functions: readonly ColdFunction[];
  /** Indexes of the functions in the order in which they are called. */
  readonly calls: readonly number[];
}

const functionCount = 1400;
const callCount = 2800;
const shortest = 30;
const longest = 94;
const seed = 0x2545_f491;

/** A deterministic sequence of numbers (xorshift, 32 bits): `below(n)` gives one from 0 to n - 1. */
function numbersFrom(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

type Below = ReturnType<typeof numbersFrom>;

function randomStep(below: Below): Step {
  const register = (): number => below(registerCount);
  const kind = below(16);
  if (kind < 7) {
    const operation = operations[below(operations.length)] ?? 'add';
    return { kind: 'compute', operation, target: register(), left: register(), right: register() };
  }
  if (kind < 11) {
    const operation = immediateOperations[below(immediateOperations.length)] ?? 'addi';
    const isShift = operation === 'slli' || operation === 'srli';
    const value = isShift ? 1 + below(31) : below(4096) - 2048;
    return { kind: 'immediate', operation, target: register(), source: register(), value };
  }
  if (kind < 13) return { kind: 'load', register: register(), word: below(wordCount) };
  if (kind < 14) return { kind: 'store', register: register(), word: below(wordCount) };
  return { kind: 'skip', left: register(), right: register(), count: 1 + below(6) };
}

/** A program of 1400 functions of 30 to 93 random steps, some 350 KB of code, which loop up to so many times. */
function coldProgram(mostTimes: number): ColdProgram {
  const below = numbersFrom(seed);
  const functions = Array.from({ length: functionCount }, () => {
    const length = shortest + below(longest - shortest);
    const loopFrom = mostTimes > 1 ? below(length >>> 1) : 0;
    const times = mostTimes > 1 ? 1 + below(mostTimes) : 1;
    return { steps: Array.from({ length }, () => randomStep(below)), loopFrom, times };
  });
  const calls = Array.from({ length: callCount }, () => below(functionCount));
  return { functions, calls };
}

/** One to five times: of 100 instructions, 3.2 miss a cache of 16 KiB with 4 ways. */
export const coldProgramWithLoops = coldProgram(5);

/** Without loops 7.9 of 100 do. */
export const straightProgram = coldProgram(1);

/** What a register holds when an iteration begins. */
export function initialValue(register: number): bigint {
  return 0x9e37_79b9_7f4a_7c15n * BigInt(register + 1);
}
