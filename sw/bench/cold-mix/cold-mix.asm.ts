import {
  type AssemblyFunction,
  defineAssembly,
  registers,
  type Label,
  type MacroAssembler,
  type Register,
} from '../../toolchain/index.ts';
import {
  type ColdFunction,
  type ColdProgram,
  initialValue,
  type Step,
  wordCount,
} from './cold-functions.asm.ts';

const { a0, a1, a2, a3, a4, a5, a6, a7, ra, s0, s1, sp, t0, t1, t2, t3, t4, zero } = registers;

/** The registers that the generated functions compute with. */
const working: readonly Register[] = [a2, a3, a4, a5, a6, a7, t0, t1, t2, t3];
const at = (register: number): Register => working[register] ?? zero;

function writeStep(a: MacroAssembler, step: Step): void {
  switch (step.kind) {
    case 'compute':
      a[step.operation](at(step.target), at(step.left), at(step.right));
      break;
    case 'immediate':
      a[step.operation](at(step.target), at(step.source), step.value);
      break;
    case 'load':
      a.ld(at(step.register), 8 * step.word, a1);
      break;
    case 'store':
      a.sd(at(step.register), 8 * step.word, a1);
      break;
    case 'skip':
      break;
  }
}

/** Writes a function; a skip that reaches beyond the steps in front of its loop, or beyond its end, goes there. */
function writeFunction(a: MacroAssembler, { steps, loopFrom, times }: ColdFunction): void {
  const ends = new Map<number, Label>();
  const endAt = (index: number): Label => {
    const label = ends.get(index) ?? a.label();
    ends.set(index, label);
    return label;
  };
  const loop = times > 1 ? a.label() : undefined;
  const placeEnd = (index: number): void => {
    const label = ends.get(index);
    if (label !== undefined) a.place(label);
  };
  steps.forEach((step, index) => {
    placeEnd(index);
    if (index === loopFrom && loop !== undefined) {
      a.li(t4, times);
      a.place(loop);
    }
    if (step.kind !== 'skip') writeStep(a, step);
    else {
      const last = index < loopFrom ? loopFrom : steps.length;
      const end = endAt(Math.min(index + 1 + step.count, last));
      a.bltu(at(step.left), at(step.right), end);
    }
  });
  placeEnd(steps.length);
  if (loop !== undefined) {
    a.addi(t4, t4, -1);
    a.bnez(t4, loop);
  }
  a.ret();
}

/** `iteration(base)` of a program: calls every function about twice, in an order that nothing can guess; folds what they computed. */
export function callsOf({ functions, calls }: ColdProgram): AssemblyFunction {
  return defineAssembly('iteration', (a) => {
    a.addi(sp, sp, -32);
    a.sd(ra, 0, sp);
    a.sd(s0, 8, sp);
    a.sd(s1, 16, sp);
    a.mv(a1, a0);
    a.li(t4, wordCount);
    const clear = a.here();
    a.sd(zero, 0, a0);
    a.addi(a0, a0, 8);
    a.addi(t4, t4, -1);
    a.bnez(t4, clear);
    working.forEach((register, index) => {
      a.li(register, initialValue(index));
    });
    a.la(s0, 'cold_calls');
    a.la(s1, 'cold_calls', 8 * calls.length);
    const next = a.here();
    a.ld(t4, 0, s0);
    a.jalr(ra, 0, t4);
    a.addi(s0, s0, 8);
    a.bne(s0, s1, next);
    a.li(a0, 0);
    for (const register of working) {
      a.slli(t4, a0, 5);
      a.sub(a0, t4, a0);
      a.add(a0, a0, register);
    }
    a.ld(ra, 0, sp);
    a.ld(s0, 8, sp);
    a.ld(s1, 16, sp);
    a.addi(sp, sp, 32);
    a.ret();

    const entries = functions.map((called) => {
      const entry = a.here();
      writeFunction(a, called);
      return entry;
    });
    a.align(8);
    a.symbol('cold_calls');
    a.dword(...calls.map((index) => entries[index] ?? 0n));
  });
}
