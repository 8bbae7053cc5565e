import test from 'ava';
import fc from 'fast-check';
import { encodeRow, instructionByName, instructions } from '../../../hw/isa/index.ts';
import {
  bitManipulationImmediateForms,
  bitManipulationReferences,
} from './bit-manipulation-references.ts';
import { cornerValues } from './corner-values.ts';
import { FlatContext } from './flat-context.ts';
import { Operand, type Reference } from './operand.ts';

const word = (value: bigint): bigint => BigInt.asIntN(32, value);
const bool = (condition: boolean): bigint => (condition ? 1n : 0n);
const divide = (a: bigint, b: bigint): bigint => (b === 0n ? -1n : a / b);
const remainder = (a: bigint, b: bigint): bigint => (b === 0n ? a : a % b);

const references: Readonly<Record<string, Reference>> = {
  ...bitManipulationReferences,
  add: (a, b) => a.u + b.u,
  sub: (a, b) => a.u - b.u,
  sll: (a, b) => a.u << (b.u % 64n),
  slt: (a, b) => bool(a.s < b.s),
  sltu: (a, b) => bool(a.u < b.u),
  xor: (a, b) => a.u ^ b.u,
  srl: (a, b) => a.u >> (b.u % 64n),
  sra: (a, b) => a.s >> (b.u % 64n),
  or: (a, b) => a.u | b.u,
  and: (a, b) => a.u & b.u,
  addw: (a, b) => word(a.u + b.u),
  subw: (a, b) => word(a.u - b.u),
  sllw: (a, b) => word(a.u << (b.u % 32n)),
  srlw: (a, b) => word(a.lowUnsigned >> (b.u % 32n)),
  sraw: (a, b) => a.low.s >> (b.u % 32n),
  mul: (a, b) => a.s * b.s,
  mulh: (a, b) => (a.s * b.s) >> 64n,
  mulhsu: (a, b) => (a.s * b.u) >> 64n,
  mulhu: (a, b) => (a.u * b.u) >> 64n,
  mulw: (a, b) => word(a.s * b.s),
  div: (a, b) => divide(a.s, b.s),
  divu: (a, b) => divide(a.u, b.u),
  rem: (a, b) => remainder(a.s, b.s),
  remu: (a, b) => remainder(a.u, b.u),
  divw: (a, b) => word(divide(a.low.s, b.low.s)),
  divuw: (a, b) => word(divide(a.lowUnsigned, b.lowUnsigned)),
  remw: (a, b) => word(remainder(a.low.s, b.low.s)),
  remuw: (a, b) => word(remainder(a.lowUnsigned, b.lowUnsigned)),
};

/** Instructions whose second operand is an immediate, and the register form that means the same. */
const immediateForms: Readonly<Record<string, string>> = {
  ...bitManipulationImmediateForms,
  addi: 'add',
  slti: 'slt',
  sltiu: 'sltu',
  xori: 'xor',
  ori: 'or',
  andi: 'and',
  slli: 'sll',
  srli: 'srl',
  srai: 'sra',
  addiw: 'addw',
  slliw: 'sllw',
  srliw: 'srlw',
  sraiw: 'sraw',
};

function rowNamed(name: string) {
  const row = instructionByName(name);
  if (row === undefined) throw new Error(`no instruction ${name}`);
  return row;
}

/** Runs `name x3, x1, x2` and returns x3. */
function compute(context: FlatContext, name: string, a: bigint, b: bigint): bigint {
  context.state.x[1] = a;
  context.state.x[2] = b;
  context.step(encodeRow(rowNamed(name), { rd: 3, rs1: 1, rs2: 2 }));
  return context.state.x[3] ?? -1n;
}

function expected(name: string, a: bigint, b: bigint): bigint {
  const reference = references[name];
  if (reference === undefined) throw new Error(`no reference for ${name}`);
  return BigInt.asUintN(64, reference(new Operand(a), new Operand(b)));
}

for (const name of Object.keys(references)) {
  test(`${name} agrees with the integers at all corners`, (t) => {
    const context = new FlatContext();
    for (const a of cornerValues) {
      for (const b of cornerValues) {
        const result = compute(context, name, a, b);
        if (result !== expected(name, a, b)) {
          t.fail(`${name} ${a.toString(16)}, ${b.toString(16)} gave ${result.toString(16)}`);
        }
      }
    }
    t.pass();
  });
}

test('every register instruction agrees with the integers at random', (t) => {
  const context = new FlatContext();
  const value = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(references)), value, value, (name, a, b) => {
      t.is(compute(context, name, a, b), expected(name, a, b), name);
    }),
    { numRuns: 2000 },
  );
});

for (const [name, registerForm] of Object.entries(immediateForms)) {
  test(`${name} means ${registerForm} with an immediate`, (t) => {
    const context = new FlatContext();
    const row = rowNamed(name);
    const field = row.encoding.fields.find(({ name: operand }) => /imm|shamt/.test(operand));
    const shift = field?.name === 'shamt';
    const immediates = shift
      ? [0, 1, 7, 31, 2 ** (field.width - 1), 2 ** field.width - 1]
      : [-2048, -1, 0, 1, 5, 2047];
    for (const a of cornerValues) {
      for (const imm of immediates) {
        context.state.x[1] = a;
        context.step(encodeRow(row, { rd: 3, rs1: 1, imm, shamt: imm }));
        t.is(context.state.x[3], expected(registerForm, a, BigInt(imm)), `${name} ${String(imm)}`);
      }
    }
  });
}

test('lui and auipc place their immediate in the upper bits, sign-extended', (t) => {
  const context = new FlatContext();
  context.state.pc = 0x8000_0000n;
  context.step(encodeRow(rowNamed('lui'), { rd: 3, imm: -0x8000_0000 }));
  t.is(context.state.x[3], 0xffff_ffff_8000_0000n);
  context.step(encodeRow(rowNamed('auipc'), { rd: 3, imm: -0x1000 }));
  t.is(context.state.x[3], 0x7fff_f004n);
});

test('slli.uw shifts the low half as an unsigned number', (t) => {
  const context = new FlatContext();
  for (const a of cornerValues) {
    for (let shamt = 0; shamt < 64; shamt += 1) {
      context.state.x[1] = a;
      context.step(encodeRow(rowNamed('slli.uw'), { rd: 3, rs1: 1, shamt }));
      const product = BigInt.asUintN(32, a) * 2n ** BigInt(shamt);
      t.is(context.state.x[3], BigInt.asUintN(64, product), String(shamt));
    }
  }
});

test('no integer instruction is without a reference', (t) => {
  const covered = new Set([
    ...Object.keys(references),
    ...Object.keys(immediateForms),
    'lui',
    'auipc',
    'slli.uw',
  ]);
  for (const { name, timing } of instructions) {
    if (['integer', 'multiply', 'multiplyHigh', 'divide'].includes(timing)) {
      t.true(covered.has(name), name);
    }
  }
});

test('x0 reads as zero whatever is written to it', (t) => {
  const context = new FlatContext();
  context.state.x[1] = 5n;
  context.step(encodeRow(rowNamed('add'), { rd: 0, rs1: 1, rs2: 1 }));
  t.is(context.state.x[0], 0n);
});

test('a sequential instruction leaves the pc four bytes on, around the end of the address space too', (t) => {
  const context = new FlatContext();
  context.state.pc = (1n << 64n) - 4n;
  context.step(encodeRow(rowNamed('addi'), { rd: 0, rs1: 0, imm: 0 }));
  t.is(context.state.pc, 0n);
});
