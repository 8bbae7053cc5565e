import test from 'ava';
import fc from 'fast-check';
import { execute } from '../../../hw/engine/index.ts';
import {
  decode,
  defineInstruction,
  encode,
  everyExtension,
  i32,
  i64,
  instructions,
  write,
  type Expression,
  type I64,
} from '../../../hw/isa/index.ts';
import { cornerValues } from './corner-values.ts';
import { FlatContext } from './flat-context.ts';
import { numericOpcodes } from '../../../hw/wasm/index.ts';
import { judge } from './wasm-judge.ts';

type Op = keyof typeof numericOpcodes;

const ops = Object.keys(numericOpcodes) as Op[];
const selection = everyExtension();
const decoded = decode(encode('add', { rd: 3, rs1: 1, rs2: 2 }), selection);

const constructors = { i32, i64 } as unknown as Readonly<
  Record<string, Readonly<Record<string, (...operands: Expression[]) => Expression>>>
>;

/** The operation applied to two registers, or to their low halves if it takes 32 bits. */
function applied(op: Op, rs1: I64, rs2: I64): Expression {
  const [to = '', name = ''] = op.split('.');
  const from = /_(i32|i64)/.exec(name)?.[1] ?? to;
  const isUnary = /^(eqz|clz|ctz|popcnt|extend|wrap)/.test(name);
  const operands = [rs1, rs2].map((value) => (from === 'i32' ? i32.wrap_i64(value) : value));
  const construct = constructors[to]?.[name];
  if (construct === undefined) throw new Error(`no constructor for ${op}`);
  return construct(...operands.slice(0, isUnary ? 1 : 2));
}

/** The operation on a hart of the oracle. */
function subject(op: Op): (a: bigint, b: bigint) => bigint {
  const row = defineInstruction({
    name: op,
    extension: 'i',
    encoding: '0000000 rs2 rs1 000 rd 0110011',
    syntax: 'rd, rs1, rs2',
    timing: 'integer',
    spec: 'unpriv 2.4',
    semantics: ({ rd, rs1, rs2 }) => {
      const value = applied(op, rs1, rs2);
      return [write(rd, value.type === 'i32' ? i64.extend_i32_s(value) : value)];
    },
  });
  const context = new FlatContext();
  const executor = execute(row);
  return (a, b) => {
    context.state.x[1] = a;
    context.state.x[2] = b;
    if (decoded !== undefined) executor(decoded, context);
    return context.state.x[3] ?? -1n;
  };
}

/** Operands that make WebAssembly trap; instruction semantics never let them through. */
function traps(op: Op, a: bigint, b: bigint): boolean {
  if (!/div|rem/.test(op)) return false;
  const width = op.startsWith('i32') ? 32 : 64;
  if (BigInt.asUintN(width, b) === 0n) return true;
  const overflows =
    BigInt.asIntN(width, b) === -1n && BigInt.asUintN(width, a) === 1n << BigInt(width - 1);
  return op.endsWith('div_s') && overflows;
}

const register = {
  rs1: { type: 'i64', kind: 'register', operand: 'rs1' },
  rs2: { type: 'i64', kind: 'register', operand: 'rs2' },
} as const;

for (const op of ops) {
  test(`the oracle computes ${op} as WebAssembly does`, (t) => {
    const apply = subject(op);
    const expected = judge(applied(op, register.rs1, register.rs2));
    for (const rs1 of cornerValues) {
      for (const rs2 of cornerValues) {
        if (traps(op, rs1, rs2)) continue;
        const result = apply(rs1, rs2);
        if (result !== expected({ rs1, rs2 })) {
          t.fail(`${rs1.toString(16)}, ${rs2.toString(16)}: ${result.toString(16)}`);
        }
      }
    }
    t.pass();
  });
}

const PC = 0x8000_0000n;
const floatOperands = { frd: 3, frs1: 1, frs2: 2 } as const;
const immediates = [-2048n, -1n, 0n, 1n, 2047n];
const any64 = fc.oneof(
  fc.constantFrom(...cornerValues),
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
);

for (const row of instructions) {
  const [effect] = row.effects;
  if (effect?.effect !== 'write' && effect?.effect !== 'writeFloat') continue;
  if ('action' in effect.value || row.effects.length > 1) continue;
  const { value } = effect;
  const file = effect.effect === 'write' ? 'x' : 'f';
  test(`${row.name} is valid WebAssembly, never traps there, and computes what the oracle does`, (t) => {
    const expected = judge(value);
    const context = new FlatContext();
    const executor = execute(row);
    const immediate = row.syntax.some(({ form }) => form === 'number') ? immediates : [0n];
    fc.assert(
      fc.property(any64, any64, fc.constantFrom(...immediate), (rs1, rs2, imm) => {
        if (decoded === undefined) return;
        context.state.pc = PC;
        context.state.x[1] = rs1;
        context.state.x[2] = rs2;
        context.state.f[1] = rs1;
        context.state.f[2] = rs2;
        const immBits = BigInt.asUintN(64, imm);
        executor({ ...decoded, ...floatOperands, instruction: row, imm, immBits }, context);
        const values = { rs1, rs2, frs1: rs1, frs2: rs2, immediate: immBits, pc: PC };
        t.is(context.state[file][3], expected(values));
      }),
      { numRuns: 300 },
    );
  });
}
