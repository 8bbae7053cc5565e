import test from 'ava';
import { execute } from '../../../hw/engine/index.ts';
import {
  decode,
  defineInstruction,
  encode,
  everyExtension,
  i32,
  i64,
  write,
  type BinaryOp,
  type Expression,
  type I64,
  type UnaryOp,
} from '../../../hw/isa/index.ts';
import { cornerValues } from './corner-values.ts';
import { FlatContext } from './flat-context.ts';

type Op = BinaryOp | UnaryOp;

/** Opcodes of the WebAssembly core specification; the host's own WebAssembly engine is the judge of the oracle. */
const opcodes: Readonly<Record<Op, number>> = {
  'i32.eqz': 0x45,
  'i32.eq': 0x46,
  'i32.ne': 0x47,
  'i32.lt_s': 0x48,
  'i32.lt_u': 0x49,
  'i32.gt_s': 0x4a,
  'i32.gt_u': 0x4b,
  'i32.le_s': 0x4c,
  'i32.le_u': 0x4d,
  'i32.ge_s': 0x4e,
  'i32.ge_u': 0x4f,
  'i64.eqz': 0x50,
  'i64.eq': 0x51,
  'i64.ne': 0x52,
  'i64.lt_s': 0x53,
  'i64.lt_u': 0x54,
  'i64.gt_s': 0x55,
  'i64.gt_u': 0x56,
  'i64.le_s': 0x57,
  'i64.le_u': 0x58,
  'i64.ge_s': 0x59,
  'i64.ge_u': 0x5a,
  'i32.clz': 0x67,
  'i32.ctz': 0x68,
  'i32.popcnt': 0x69,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.div_s': 0x6d,
  'i32.div_u': 0x6e,
  'i32.rem_s': 0x6f,
  'i32.rem_u': 0x70,
  'i32.and': 0x71,
  'i32.or': 0x72,
  'i32.xor': 0x73,
  'i32.shl': 0x74,
  'i32.shr_s': 0x75,
  'i32.shr_u': 0x76,
  'i32.rotl': 0x77,
  'i32.rotr': 0x78,
  'i64.clz': 0x79,
  'i64.ctz': 0x7a,
  'i64.popcnt': 0x7b,
  'i64.add': 0x7c,
  'i64.sub': 0x7d,
  'i64.mul': 0x7e,
  'i64.div_s': 0x7f,
  'i64.div_u': 0x80,
  'i64.rem_s': 0x81,
  'i64.rem_u': 0x82,
  'i64.and': 0x83,
  'i64.or': 0x84,
  'i64.xor': 0x85,
  'i64.shl': 0x86,
  'i64.shr_s': 0x87,
  'i64.shr_u': 0x88,
  'i64.rotl': 0x89,
  'i64.rotr': 0x8a,
  'i32.wrap_i64': 0xa7,
  'i64.extend_i32_s': 0xac,
  'i64.extend_i32_u': 0xad,
  'i32.extend8_s': 0xc0,
  'i32.extend16_s': 0xc1,
  'i64.extend8_s': 0xc2,
  'i64.extend16_s': 0xc3,
  'i64.extend32_s': 0xc4,
};

type Value = number | bigint;

interface WasmGlobal {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object) => {
      readonly exports: Readonly<Record<string, (...values: Value[]) => Value>>;
    };
  };
}

const typeCodes = { i32: 0x7f, i64: 0x7e } as const;
const I64_EXTEND_I32_S = 0xac;

const constructors = { i32, i64 } as unknown as Readonly<
  Record<string, Readonly<Record<string, (...operands: Expression[]) => Expression>>>
>;

/** How many operands an operation takes and of which type. */
function signature(op: Op): { arity: number; from: 'i32' | 'i64'; name: string; to: string } {
  const [to = '', name = ''] = op.split('.');
  const from = /_(i32|i64)/.exec(name)?.[1] ?? to;
  const isUnary = /^(eqz|clz|ctz|popcnt|extend|wrap)/.test(name);
  return { arity: isUnary ? 1 : 2, from: from === 'i32' ? 'i32' : 'i64', name, to };
}

function section(id: number, content: readonly number[]): number[] {
  return [id, content.length, ...content];
}

/** A function of two `i64` that applies the operation, on their low halves if it is a 32-bit one, as an `i64`. */
function judge(op: Op, resultType: 'i32' | 'i64'): (a: bigint, b: bigint) => bigint {
  const { arity, from } = signature(op);
  const operand = (index: number): number[] => [0x20, index, ...(from === 'i32' ? [0xa7] : [])];
  const body = [
    0,
    ...operand(0),
    ...(arity === 2 ? operand(1) : []),
    opcodes[op],
    ...(resultType === 'i32' ? [I64_EXTEND_I32_S] : []),
    0x0b,
  ];
  const { i64: type } = typeCodes;
  const bytes = [
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, type, type, 1, type]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x66, 0, 0]),
    ...section(10, [1, body.length, ...body]),
  ];
  const { WebAssembly } = globalThis as unknown as WasmGlobal;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)));
  return (a, b) => BigInt.asUintN(64, BigInt(exports['f']?.(a, b) ?? 0));
}

const decoded = decode(encode('add', { rd: 3, rs1: 1, rs2: 2 }), everyExtension());

/** What the oracle makes of the same operation. */
function subject(op: Op): { apply: (a: bigint, b: bigint) => bigint; type: 'i32' | 'i64' } {
  const { arity, from, name, to } = signature(op);
  let type: 'i32' | 'i64' = 'i64';
  const row = defineInstruction({
    name: op,
    extension: 'i',
    encoding: '0000000 rs2 rs1 000 rd 0110011',
    syntax: 'rd, rs1, rs2',
    timing: 'integer',
    spec: 'unpriv 2.4',
    semantics: ({ rd, rs1, rs2 }) => {
      const read = (value: I64): Expression => (from === 'i32' ? i32.wrap_i64(value) : value);
      const operands = [read(rs1), read(rs2)].slice(0, arity);
      const result = constructors[to]?.[name]?.(...operands);
      if (result === undefined) throw new Error(`no constructor for ${op}`);
      type = result.type;
      return [write(rd, result.type === 'i32' ? i64.extend_i32_s(result) : result)];
    },
  });
  const context = new FlatContext();
  const executor = execute(row);
  const apply = (a: bigint, b: bigint): bigint => {
    context.state.x[1] = a;
    context.state.x[2] = b;
    if (decoded !== undefined) executor(decoded, context);
    return context.state.x[3] ?? -1n;
  };
  return { apply, type };
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

for (const op of Object.keys(opcodes) as Op[]) {
  test(`the oracle computes ${op} as WebAssembly does`, (t) => {
    const { apply, type } = subject(op);
    const reference = judge(op, type);
    for (const a of cornerValues) {
      for (const b of cornerValues) {
        if (traps(op, a, b)) continue;
        const [expected, actual] = [reference(a, b), apply(a, b)];
        if (expected !== actual) {
          t.fail(`${a.toString(16)}, ${b.toString(16)}: ${actual.toString(16)}`);
        }
      }
    }
    t.pass();
  });
}
