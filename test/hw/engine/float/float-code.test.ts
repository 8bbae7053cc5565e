import test from 'ava';
import { FloatCode, hasFloatCode } from '../../../../hw/engine/compiled/float-code.ts';
import { Code, ModuleWriter } from '../../../../hw/wasm/index.ts';
import { conversionOperands, Random, randomOperand } from './operands.ts';
import { modes, NX } from './reference-rounding.ts';
import { type Subject, subjects } from './subjects.ts';

const RANDOM_OPERANDS = 4000;
const LEFT = 2n;

interface WasmGlobal {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
    readonly Instance: new (module: object) => {
      readonly exports: Readonly<Record<string, (...values: bigint[]) => bigint>>;
    };
  };
}

/** A function of the operation: its result, or 0 or 1 for whether it is inexact, or 2 if it is left to others. */
function bodyOf({ statics }: Subject, mode: number, yields: 'result' | 'flag'): Code {
  const code = new Code(['i64', 'i64', 'i64']);
  const inexact = code.local('i64');
  const leave = (): void => {
    code.if();
    code.i64(LEFT);
    code.return();
    code.end();
  };
  const site = {
    code,
    leaveIf: leave,
    inexactIf: (isInexact: () => void) => {
      // with the flag raised, nobody asks
      if (yields === 'result') return;
      isInexact();
      code.op('i64.extend_i32_u');
      code.set(inexact);
    },
  };
  new FloatCode(site).emit(statics as Parameters<FloatCode['emit']>[0], [0, 1, 2], mode);
  if (yields === 'flag') {
    code.drop();
    code.get(inexact);
  }
  return code;
}

function compiled(subject: Subject, mode: number) {
  const module = new ModuleWriter();
  module.addFunction(bodyOf(subject, mode, 'result'), ['i64'], 'result');
  module.addFunction(bodyOf(subject, mode, 'flag'), ['i64'], 'flag');
  const { WebAssembly } = globalThis as unknown as WasmGlobal;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()));
  const { result, flag } = exports;
  if (result === undefined || flag === undefined) throw new Error('the module lacks a function');
  return { result, flag };
}

for (const subject of subjects) {
  const { name, statics, arity, compute } = subject;
  for (const mode of modes) {
    if (!hasFloatCode(statics as Parameters<typeof hasFloatCode>[0], mode)) continue;
    test(`${name}: generated code computes what the exact functions do, mode ${String(mode)}`, (t) => {
      const { result, flag } = compiled(subject, mode);
      const random = new Random(BigInt(mode) + 0xc0den);
      const specials = conversionOperands(statics.from);
      let taken = 0;
      for (let run = 0; run < RANDOM_OPERANDS; run++) {
        const first = specials[run] ?? randomOperand(random, statics.from, 0n);
        const second = arity > 1 ? randomOperand(random, statics.from, first) : 0n;
        const third = arity > 2 ? randomOperand(random, statics.from, first) : 0n;
        const flags = flag(first, second, third);
        if (flags === LEFT) continue;
        taken += 1;
        const wanted = compute(first, second, third, mode);
        const bits = BigInt.asUintN(64, result(first, second, third));
        if (bits !== wanted.bits || Number(flags) * NX !== wanted.flags) {
          t.fail(
            `${[first, second, third].map((operand) => operand.toString(16)).join(' ')}: ${bits.toString(16)} ${String(flags)}, not ${wanted.bits.toString(16)} ${String(wanted.flags)}`,
          );
        }
      }
      t.true(taken > RANDOM_OPERANDS / 10, `only ${String(taken)} were computed`);
    });
  }
}
