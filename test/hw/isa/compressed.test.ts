import test from 'ava';
import {
  assemble,
  compressedByName,
  compressedInstructions,
  decode,
  type Decoded,
  disassemble,
  encodeCompressed,
  EncodingError,
  encodeRow,
  everyExtension,
  instructionByName,
  isExcepted,
  operandOf,
} from '../../../hw/isa/index.ts';
import { expandByHand } from './zca-by-hand.ts';

const selection = everyExtension();
const parcels = Array.from({ length: 0x1_0000 }, (_, parcel) => parcel).filter(
  (parcel) => (parcel & 3) !== 3,
);

/** The operands in the order of `expandByHand`: destination or stored register, base, second source, immediate. */
function written({ instruction: row, rd, rs1, rs2, frd, frs2, imm }: Decoded): string {
  const has = (name: string): boolean => row.encoding.fields.some((field) => field.name === name);
  const isStore = row.timing === 'store';
  return [
    row.name,
    ...(has('rd') ? [`x${String(rd)}`] : []),
    ...(has('frd') ? [`f${String(frd)}`] : []),
    ...(isStore ? [has('frs2') ? `f${String(frs2)}` : `x${String(rs2)}`] : []),
    ...(has('rs1') ? [`x${String(rs1)}`] : []),
    ...(has('rs2') && !isStore ? [`x${String(rs2)}`] : []),
    ...(has('imm') || has('shamt') ? [String(imm)] : []),
  ].join(' ');
}

test('every parcel decodes to what the tables of the manual say, or is reserved', (t) => {
  const wrong = parcels.filter((parcel) => {
    const decoded = decode(parcel, selection);
    return (decoded && written(decoded)) !== expandByHand(parcel);
  });
  t.deepEqual(wrong, []);
});

test('no parcel is the encoding of two instructions', (t) => {
  const fits = (parcel: number): number =>
    compressedInstructions.filter(
      (row) => (parcel & row.encoding.mask) === row.encoding.match && !isExcepted(row, parcel),
    ).length;
  t.deepEqual(
    parcels.filter((parcel) => fits(parcel) > 1),
    [],
  );
});

test('encoding the operands of a decoded parcel gives the parcel back', (t) => {
  const wrong = parcels.filter((parcel) => {
    const decoded = decode(parcel, selection);
    const row = decoded?.compressed;
    if (decoded === undefined || row === undefined) return false;
    const operands = Object.fromEntries(
      row.encoding.fields.map(({ name }) => [name, operandOf(row, name, parcel)]),
    );
    return encodeRow(row, operands) !== parcel || decoded.length !== 2 || decoded.word !== parcel;
  });
  t.deepEqual(wrong, []);
});

test('the text of a parcel assembles to the parcel', (t) => {
  const base = 0x8000_0000n;
  const texts = parcels.flatMap((parcel) => {
    const decoded = decode(parcel, selection);
    return decoded ? [{ parcel, text: disassemble(decoded, base) }] : [];
  });
  const wrong = texts.filter(({ parcel, text }) => {
    const { bytes } = assemble(text, { base });
    return (bytes[0] ?? 0) + (bytes[1] ?? 0) * 256 !== parcel || bytes.length !== 2;
  });
  t.deepEqual(wrong, []);
});

test('an expansion is the word of the instruction it names', (t) => {
  const decoded = decode(encodeCompressed('c.lw', { rd: 15, rs1: 8, uimm: 68 }), selection);
  t.is(decoded?.instruction, instructionByName('lw'));
  t.is(decoded?.expanded, assemble('lw a5, 68(s0)').words[0]);
  t.is(compressedByName('c.lw')?.base, decoded?.instruction);
});

test('a hart without C knows no parcel, and no parcel has bits above 15', (t) => {
  const without = { ...selection, extensions: new Set([...selection.extensions]) };
  without.extensions.delete('c');
  t.true(parcels.every((parcel) => decode(parcel, without) === undefined));
  t.is(decode(0x1_0001, selection), undefined);
});

test('16-bit instructions are written as the manual writes them', (t) => {
  t.is(disassemble(0x4501), 'c.li a0, 0');
  t.is(disassemble(0x757d), 'c.lui a0, 0xfffff');
  t.is(disassemble(0x1141), 'c.addi sp, -16');
  t.is(disassemble(0x7139), 'c.addi16sp sp, -64');
  t.is(disassemble(0x0800), 'c.addi4spn s0, sp, 16');
  t.is(disassemble(0xe406), 'c.sdsp ra, 8(sp)');
  t.is(disassemble(0x8082), 'c.jr ra');
  t.is(disassemble(0x9002), 'c.ebreak');
  t.is(disassemble(0x0001), 'c.nop');
  t.is(disassemble(0x0005), '.half 0x5');
  t.is(disassemble(0xa001, 0x1000n), 'c.j 0x1000');
});

test('operands that an encoding cannot hold are refused', (t) => {
  const refused = (encoding: () => number): string =>
    t.throws(encoding, { instanceOf: EncodingError }).message;
  t.is(
    refused(() => encodeCompressed('c.lw', { rd: 5, rs1: 8, uimm: 0 })),
    'c.lw: rd = 5 is outside 8 … 15',
  );
  t.is(
    refused(() => encodeCompressed('c.lui', { rd: 2, imm: 4096 })),
    'c.lui: these operands are reserved',
  );
  t.throws(() => assemble('c.lwsp a0, 0(a1)'), { message: /works on sp only/ });
  t.throws(() => assemble('c.addi16sp a0, 16'), { message: /works on sp only/ });
});
