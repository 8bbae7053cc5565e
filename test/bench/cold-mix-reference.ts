import {
  type ColdFunction,
  type ColdProgram,
  coldProgramWithLoops,
  initialValue,
  registerCount,
  type Step,
  straightProgram,
  wordCount,
} from '../../sw/bench/cold-mix/cold-functions.asm.ts';

type Operation = (Step & { kind: 'compute' | 'immediate' })['operation'];

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

/** What each operation computes; both operands and the result are unsigned. */
const compute: Readonly<Record<Operation, (a: bigint, b: bigint) => bigint>> = {
  add: (a, b) => u64(a + b),
  sub: (a, b) => u64(a - b),
  xor: (a, b) => a ^ b,
  or: (a, b) => a | b,
  and: (a, b) => a & b,
  mul: (a, b) => u64(a * b),
  sll: (a, b) => u64(a << (b & 63n)),
  srl: (a, b) => a >> (b & 63n),
  sltu: (a, b) => (a < b ? 1n : 0n),
  addi: (a, b) => u64(a + b),
  xori: (a, b) => a ^ b,
  andi: (a, b) => a & b,
  slli: (a, b) => u64(a << b),
  srli: (a, b) => a >> b,
};

/** The checksum of an iteration of the cold mix: the generated steps, evaluated one by one. */
export function coldMixChecksum(): bigint {
  return checksum(coldProgramWithLoops);
}

/** The same of the cold mix without loops. */
export function straightMixChecksum(): bigint {
  return checksum(straightProgram);
}

function checksum({ functions, calls }: ColdProgram): bigint {
  const registers = new BigUint64Array(registerCount);
  for (const index of registers.keys()) registers[index] = initialValue(index);
  const words = new BigUint64Array(wordCount);
  for (const index of calls) {
    const called = functions[index];
    if (called !== undefined) evaluate(called, registers, words);
  }
  return registers.reduce((sum, value) => u64(sum * 31n + value), 0n);
}

function evaluate(called: ColdFunction, x: BigUint64Array, words: BigUint64Array): void {
  const { steps, loopFrom, times } = called;
  evaluateSteps(steps.slice(0, loopFrom), x, words);
  const loop = steps.slice(loopFrom);
  for (let time = 0; time < times; time++) evaluateSteps(loop, x, words);
}

/** A skip that reaches beyond the last step goes to the end. */
function evaluateSteps(steps: readonly Step[], x: BigUint64Array, words: BigUint64Array): void {
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index];
    switch (step?.kind) {
      case 'compute':
        x[step.target] = compute[step.operation](x[step.left] ?? 0n, x[step.right] ?? 0n);
        break;
      case 'immediate':
        x[step.target] = compute[step.operation](x[step.source] ?? 0n, u64(BigInt(step.value)));
        break;
      case 'load':
        x[step.register] = words[step.word] ?? 0n;
        break;
      case 'store':
        words[step.word] = x[step.register] ?? 0n;
        break;
      case 'skip':
        if ((x[step.left] ?? 0n) < (x[step.right] ?? 0n)) index += step.count;
        break;
      case undefined:
        break;
    }
  }
}
