import { encodeRow } from './encoder.ts';
import {
  expandedOperands,
  isExcepted,
  type CompressedInstruction,
} from './instructions/compressed-instruction.ts';
import { compressedInstructions } from './instructions/compressed.ts';
import { extractField, type Field, isAssigned, type OperandName } from './instructions/encoding.ts';
import type { Guard } from './instructions/guard.ts';
import { instructions } from './instructions/index.ts';
import type { Instruction } from './instructions/instruction.ts';
import type { Selection } from './instructions/selection.ts';
import { fieldNamed } from './instructions/syntax.ts';

/**
 * An instruction word taken apart. Operands that the instruction does not have are 0; a 16-bit instruction has those of the
 * instruction that it expands to.
 */
export interface Decoded {
  readonly instruction: Instruction;
  /** Who may execute it, in the DV-Ext profile that it was decoded for. */
  readonly guard: Guard;
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  readonly frd: number;
  readonly frs1: number;
  readonly frs2: number;
  readonly frs3: number;
  /** Rounding mode, which may be dynamic. */
  readonly rm: number;
  /** Immediate operand of any kind, with its sign. */
  readonly imm: bigint;
  /** The immediate operand as a 64-bit register would hold it. */
  readonly immBits: bigint;
  /** CSR address. */
  readonly csr: number;
  /** The instruction word, or the parcel of a 16-bit instruction, unsigned. */
  readonly word: number;
  /** The word of the instruction itself: for a 16-bit instruction, of what it expands to. */
  readonly expanded: number;
  /** The 16-bit instruction, if it is one. */
  readonly compressed: CompressedInstruction | undefined;
  /** Size in bytes. */
  readonly length: 2 | 4;
}

/** Whether a hart with this selection knows an instruction; DV-Ext's encodings are known, if only to refuse them, with H. */
function selects({ extensions }: Selection, { extension }: Instruction): boolean {
  return extensions.has(extension === 'dv' ? 'h' : extension);
}

/** Bits that are all 1 in instructions of more than 16 bits. */
const LENGTH_BITS = 3;
const MOST_PARCEL = 0xffff;

/** Where a word has an operand that is a number as it stands there; a mask of 0 makes it 0. */
interface Bits {
  readonly shift: number;
  readonly mask: number;
}

const noBits: Bits = { shift: 0, mask: 0 };

/** An instruction as words are compared with it and taken apart. */
interface Row {
  readonly instruction: Instruction;
  readonly mask: number;
  readonly match: number;
  /** Whether the values of operands make some encodings reserved ones. */
  readonly hasReserved: boolean;
  readonly rd: Bits;
  readonly rs1: Bits;
  readonly rs2: Bits;
  readonly frd: Bits;
  readonly frs1: Bits;
  readonly frs2: Bits;
  readonly frs3: Bits;
  readonly rm: Bits;
  readonly csr: Bits;
  /** The immediate operand, of whatever kind. */
  readonly immediate: Field | undefined;
}

type Bucket = readonly Row[];

/** Where an instruction has an operand, of those that all words have in one piece. */
function bitsOf({ encoding }: Instruction, name: OperandName): Bits {
  const field = fieldNamed(encoding, name);
  if (field === undefined) return noBits;
  const [piece, more] = field.pieces;
  if (piece === undefined || more !== undefined || field.signed || field.offset !== 0) {
    throw new Error(`operand ${name} is not in one piece`);
  }
  return { shift: piece.wordBit, mask: 2 ** piece.width - 1 };
}

function rowOf(instruction: Instruction): Row {
  const { mask, match, fields } = instruction.encoding;
  const bits = (name: OperandName): Bits => bitsOf(instruction, name);
  return {
    ...{ instruction, mask, match },
    hasReserved: fields.some(({ reserved }) => reserved.length > 0),
    ...{ rd: bits('rd'), rs1: bits('rs1'), rs2: bits('rs2') },
    ...{ frd: bits('frd'), frs1: bits('frs1'), frs2: bits('frs2'), frs3: bits('frs3') },
    ...{ rm: bits('rm'), csr: bits('csr') },
    immediate: fields.find(({ name }) => name === 'imm' || name === 'shamt' || name === 'uimm'),
  };
}

/** All rows, made when they are first asked for. */
let allRows: readonly Row[] | undefined;
const buckets = new WeakMap<Selection, readonly Bucket[]>();

/** Bits by which rows are looked up: the major opcode, and funct3 above it where instructions have that. */
const OPCODE_BITS = 0x7f;
const FUNCT3_BITS = 0x7000;
const FUNCT3_SHIFT = 5;
const BUCKETS = 1024;

function bucketOf(word: number): number {
  return (word & OPCODE_BITS) | ((word & FUNCT3_BITS) >>> FUNCT3_SHIFT);
}

/** Rows of a selection by the bucket of the word. */
function bucketsOf(selection: Selection): readonly Bucket[] {
  const known = buckets.get(selection);
  if (known !== undefined) return known;
  allRows ??= instructions.map(rowOf);
  const selected = allRows.filter(({ instruction }) => selects(selection, instruction));
  const table: Row[][] = Array.from({ length: BUCKETS }, () => []);
  for (const row of selected) {
    const [fixed, value] = [bucketOf(row.mask), bucketOf(row.match)];
    // A row without funct3 is in the buckets of all its values.
    for (let bucket = value; bucket < BUCKETS; bucket = (((bucket | fixed) + 1) & ~fixed) | value) {
      table[bucket]?.push(row);
    }
  }
  buckets.set(selection, table);
  return table;
}

/** An operand of an instruction word by name, or 0 if the instruction does not have it. */
export function operandOf(
  row: Instruction | CompressedInstruction,
  name: OperandName,
  word: number,
): number {
  const field = fieldNamed(row.encoding, name);
  return field === undefined ? 0 : extractField(field, word);
}

/** How many bytes the instruction has that begins with these bits (unpriv 1.5). */
export function instructionLength(word: number): 2 | 4 {
  return (word & LENGTH_BITS) === LENGTH_BITS ? 4 : 2;
}

/** Finds the 16-bit instruction that a parcel encodes. */
function compressedOf(parcel: number): CompressedInstruction | undefined {
  return compressedInstructions.find(
    (row) => (parcel & row.encoding.mask) === row.encoding.match && !isExcepted(row, parcel),
  );
}

function decodeParcel(parcel: number, selection: Selection): Decoded | undefined {
  const compressed = compressedOf(parcel);
  if (compressed === undefined) return undefined;
  const expanded = encodeRow(compressed.base, expandedOperands(compressed, parcel));
  const decoded = decodeWord(expanded, selection, bucketsOf(selection));
  return decoded && { ...decoded, word: parcel, compressed, length: 2 };
}

/**
 * Finds the instruction that a word encodes among those selected, and takes its operands apart. A word whose low bits say
 * that it is 16 bits long must have no others.
 */
export function decode(word: number, selection: Selection): Decoded | undefined {
  return decoderOf(selection)(word);
}

/** `decode` for one selection. */
export function decoderOf(selection: Selection): (word: number) => Decoded | undefined {
  const table = bucketsOf(selection);
  const hasParcels = selection.extensions.has('c');
  return (word) => {
    const bits = word >>> 0;
    if (instructionLength(bits) === 4) return decodeWord(bits, selection, table);
    return hasParcels && bits <= MOST_PARCEL ? decodeParcel(bits, selection) : undefined;
  };
}

/** The row that a word is of; in the order of their declaration. */
function rowOfWord(bits: number, table: readonly Bucket[]): Row | undefined {
  for (const row of table[bucketOf(bits)] ?? []) {
    if ((bits & row.mask) >>> 0 !== row.match) continue;
    if (!row.hasReserved || isAssigned(row.instruction.encoding, bits)) return row;
  }
  return undefined;
}

function operand({ shift, mask }: Bits, word: number): number {
  return (word >>> shift) & mask;
}

/** Immediate operands that most instructions have, made once: the host takes memory for each. */
const LEAST_COMMON = -2048;
const commonImmediates = Array.from({ length: 4096 }, (_, index) => {
  const imm = BigInt(LEAST_COMMON + index);
  return { imm, immBits: BigInt.asUintN(64, imm) };
});

function immediateOf(value: number): { readonly imm: bigint; readonly immBits: bigint } {
  const common = commonImmediates[value - LEAST_COMMON];
  if (common !== undefined) return common;
  const imm = BigInt(value);
  return { imm, immBits: BigInt.asUintN(64, imm) };
}

function decodeWord(
  bits: number,
  { profile }: Selection,
  table: readonly Bucket[],
): Decoded | undefined {
  const row = rowOfWord(bits, table);
  if (row === undefined) return undefined;
  const { instruction, immediate } = row;
  const value = immediate === undefined ? 0 : extractField(immediate, bits);
  const { imm, immBits } = immediateOf(value);
  return {
    instruction,
    guard: instruction.guards[profile],
    rd: operand(row.rd, bits),
    rs1: operand(row.rs1, bits),
    rs2: operand(row.rs2, bits),
    frd: operand(row.frd, bits),
    frs1: operand(row.frs1, bits),
    frs2: operand(row.frs2, bits),
    frs3: operand(row.frs3, bits),
    rm: operand(row.rm, bits),
    imm,
    immBits,
    csr: operand(row.csr, bits),
    word: bits,
    expanded: bits,
    compressed: undefined,
    length: 4,
  };
}
