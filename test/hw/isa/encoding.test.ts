import test from 'ava';
import fc from 'fast-check';
import {
  decode,
  encode,
  encodeRow,
  EncodingError,
  everyExtension,
  fieldRange,
  instructionByName,
  instructions,
  operandOf,
  parsePicture,
} from '../../../hw/isa/index.ts';
import { anyInstruction } from './any-instruction.ts';
import { opcodeFacts } from './opcode-facts.ts';

const selection = everyExtension();

test('an encoding picture accounts for every bit of the word exactly once', (t) => {
  for (const { name, encoding } of instructions) {
    let covered = encoding.mask;
    for (const { wordBit, width } of encoding.fields.flatMap(({ pieces }) => pieces)) {
      const bits = (((2 ** width - 1) << wordBit) >>> 0) >>> 0;
      t.is(covered & bits, 0, name);
      covered = (covered | bits) >>> 0;
    }
    t.is(covered, 0xffff_ffff, name);
    t.is((encoding.match & ~encoding.mask) >>> 0, 0, name);
    t.is(encoding.match & 3, 3, `${name} is a 32-bit encoding`);
  }
});

test('no word is the encoding of two instructions', (t) => {
  for (const [index, one] of instructions.entries()) {
    for (const other of instructions.slice(index + 1)) {
      const common = one.encoding.mask & other.encoding.mask;
      t.not((one.encoding.match ^ other.encoding.match) & common, 0, `${one.name}, ${other.name}`);
    }
  }
});

test('names are unique', (t) => {
  t.is(new Set(instructions.map(({ name }) => name)).size, instructions.length);
});

test('fixed bits equal the numbers that riscv-opcodes and the authors publish', (t) => {
  for (const [name, mask, match] of opcodeFacts) {
    const row = instructionByName(name);
    t.deepEqual([row?.encoding.mask, row?.encoding.match], [mask, match], name);
  }
  t.is(opcodeFacts.length, instructions.length);
});

test('words that the prototype embeds in its assembly are encoded bit for bit', (t) => {
  t.is(encode('huret', {}), 0x0020_0073);
  t.is(encode('hufence.gvma', { rs1: 10, rs2: 11 }), 0xe2b5_0073);
  t.is(encode('hlvx.hu', { rd: 5, rs1: 7 }), 0x6433_c2f3);
  t.is(encode('rdvtimecmp', { rd: 10 }), 0xe010_2577);
  t.is(encode('wrvtimectl', { rs2: 10 }), 0xf0a0_1077);
  t.is(encode('rvipi0', { rd: 10 }), 0xc810_1577);
  t.is(encode('cvipi0', { rs2: 10 }), 0xc8a0_2077);
  t.is(encode('svipi0', { rs2: 10 }), 0xc8a0_3077);
  t.is(encode('rdvcpuid', { rd: 10 }), 0xf810_2577);
  t.is(encode('hlv.d', { rd: 5, rs1: 7 }), 0x6c03_c2f3);
});

test('decoding an encoded instruction gives its operands back', (t) => {
  fc.assert(
    fc.property(anyInstruction, ({ row, operands, word }) => {
      const decoded = decode(word, selection);
      t.is(decoded?.instruction, row);
      for (const { name } of row.encoding.fields) {
        t.deepEqual([name, operandOf(row, name, word)], [name, operands[name]]);
      }
    }),
    { numRuns: 2000 },
  );
});

test('encoding the operands of a decoded word gives the word back', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (word) => {
      const decoded = decode((word | 3) >>> 0, selection);
      if (decoded === undefined) return;
      const { instruction: row } = decoded;
      const operands = Object.fromEntries(
        row.encoding.fields.map(({ name }) => [name, operandOf(row, name, decoded.word)]),
      );
      t.is(encodeRow(row, operands), decoded.word);
    }),
    { numRuns: 3000 },
  );
  t.pass();
});

test('a signed immediate is sign-extended, a shift amount and a CSR immediate are not', (t) => {
  t.is(decode(encode('addi', { rd: 1, rs1: 2, imm: -1 }), selection)?.imm, -1n);
  t.is(decode(encode('addi', { rd: 1, rs1: 2, imm: -1 }), selection)?.immBits, (1n << 64n) - 1n);
  t.is(decode(encode('slli', { rd: 1, rs1: 2, shamt: 63 }), selection)?.imm, 63n);
  t.is(decode(encode('csrrwi', { rd: 1, csr: 0x300, uimm: 31 }), selection)?.imm, 31n);
  t.is(decode(encode('lui', { rd: 1, imm: -0x8000_0000 }), selection)?.imm, -0x8000_0000n);
});

test('pieces of a branch immediate land where the manual puts them', (t) => {
  t.is(encode('beq', { rs1: 0, rs2: 0, imm: -4096 }), 0x8000_0063);
  t.is(encode('beq', { rs1: 0, rs2: 0, imm: 2048 }), 0x0000_00e3);
  t.is(encode('beq', { rs1: 0, rs2: 0, imm: 2 }), 0x0000_0163);
  t.is(encode('beq', { rs1: 0, rs2: 0, imm: 32 }), 0x0200_0063);
  t.is(encode('jal', { rd: 0, imm: -(2 ** 20) }), 0x8000_006f);
  t.is(encode('jal', { rd: 0, imm: 2048 }), 0x0010_006f);
  t.is(encode('jal', { rd: 0, imm: 4096 }), 0x0000_106f);
  t.is(encode('jal', { rd: 0, imm: 2 }), 0x0020_006f);
});

test('a value that a field cannot hold is refused by name, value and bound', (t) => {
  const refused = (encoding: () => number): string =>
    t.throws(encoding, { instanceOf: EncodingError }).message;
  t.is(
    refused(() => encode('addi', { rd: 1, rs1: 1, imm: 2048 })),
    'addi: imm = 2048 is outside -2048 … 2047',
  );
  t.is(
    refused(() => encode('beq', { rs1: 1, rs2: 1, imm: 3 })),
    'beq: imm = 3 is not a multiple of 2',
  );
  t.is(
    refused(() => encode('add', { rd: 32, rs1: 1, rs2: 1 })),
    'add: rd = 32 is outside 0 … 31',
  );
  t.is(
    refused(() => encode('slliw', { rd: 1, rs1: 1, shamt: 32 })),
    'slliw: shamt = 32 is outside 0 … 31',
  );
  t.is(
    refused(() => encode('add', { rd: 1, rs1: 1 })),
    'add: rs2 is missing',
  );
});

test('the range of a field counts its sign and its alignment', (t) => {
  const [imm] = parsePicture('imm[12|10:5] rs2 rs1 000 imm[4:1|11] 1100011').fields;
  t.truthy(imm);
  if (imm) t.deepEqual(fieldRange(imm), { lowest: -4096, highest: 4094 });
});

test('a picture that is not 32 bits, or names no operand, is refused', (t) => {
  t.throws(() => parsePicture('0000000 rs2 rs1 000 rd 011001'), { message: /has 31 bits/ });
  t.throws(() => parsePicture('0000000 rs3 rs1 000 rd 0110011'), { message: /names 'rs3'/ });
  t.throws(() => parsePicture('imm[11:0 rs1 000 rd 0010011'), { message: /neither bits/ });
});
