/**
 * Operands that an encoding picture may name. Immediates: `imm` is signed, `shamt` and `uimm` are not. `frd` and `frs` are
 * floating-point registers, `rm` a rounding mode.
 */
const operandNames = [
  'rd',
  'rs1',
  'rs2',
  'frd',
  'frs1',
  'frs2',
  'frs3',
  'rm',
  'imm',
  'shamt',
  'uimm',
  'csr',
  'aq',
  'rl',
  'fm',
  'pred',
  'succ',
] as const;

/** One of the operands that a picture may name. */
export type OperandName = (typeof operandNames)[number];

type Words<P extends string> = P extends `${infer Head} ${infer Tail}` ? Head | Words<Tail> : P;
type NameOf<W extends string> = W extends `${'0' | '1'}${string}`
  ? never
  : W extends `${infer Name}[${string}]`
    ? Name
    : W;

/** The operands that a picture names: `'imm[11:0] rs1 000 rd 0010011'` has `imm`, `rs1` and `rd`. */
export type OperandOf<P extends string> = Extract<NameOf<Words<P>>, OperandName>;

/** Accepts a picture only if every name in it is an operand. */
export type Picture<P extends string> = [NameOf<Words<P>>] extends [OperandName] ? P : never;

/** A run of consecutive bits that an operand shares with the instruction word. */
interface Piece {
  /** Lowest bit in the instruction word. */
  readonly wordBit: number;
  /** Lowest bit in the operand. */
  readonly operandBit: number;
  readonly width: number;
}

/** Where one operand lives in the instruction word. */
export interface Field {
  readonly name: OperandName;
  readonly pieces: readonly Piece[];
  /** Bits from 0 to the highest that the pieces cover. */
  readonly width: number;
  /** Bits below the lowest piece, which are 0 in every value (1 for branch offsets, 12 for `lui`). */
  readonly alignment: number;
  readonly signed: boolean;
  /** Values that make the encoding a reserved one. */
  readonly reserved: readonly number[];
  /** What all bits 0 stand for: 8 for a register of three bits, which is one of x8 to x15; else 0. */
  readonly offset: number;
}

/** What an encoding picture says. */
export interface Encoding {
  readonly picture: string;
  /** Bits of the word that are fixed, and their values (unsigned numbers). */
  readonly mask: number;
  readonly match: number;
  readonly fields: readonly Field[];
}

const singleBits: ReadonlySet<string> = new Set(['aq', 'rl']);
const registers: ReadonlySet<string> = new Set(['rd', 'rs1', 'rs2', 'frd', 'frs2']);
/** Rounding modes that the manual keeps for later (unpriv 20.2). */
const reservedRoundingModes: readonly number[] = [5, 6];
const SHORT_REGISTER_BITS = 3;
const FIRST_SHORT_REGISTER = 8;

function isOperandName(name: string): name is OperandName {
  return operandNames.some((known) => known === name);
}

/** Bit ranges of an operand word, from its high end: `imm[4:1|11]` is [4,1] and [11,11]. */
function rangesOf(word: string): { name: string; ranges: (readonly [number, number])[] } {
  const parsed = /^([a-z]\w*)(?:\[([\d:|]+)\])?$/.exec(word);
  if (!parsed) throw new Error(`encoding word '${word}' is neither bits nor an operand`);
  const [, name = '', list] = parsed;
  if (list === undefined) return { name, ranges: [[singleBits.has(name) ? 0 : 4, 0]] };
  const ranges = list.split('|').map((range): readonly [number, number] => {
    const [high = NaN, low = high] = range.split(':').map(Number);
    return [high, low];
  });
  return { name, ranges };
}

function fieldOf(name: OperandName, pieces: readonly Piece[]): Field {
  const tops = pieces.map(({ operandBit, width }) => operandBit + width);
  const bottoms = pieces.map(({ operandBit }) => operandBit);
  const width = Math.max(...tops);
  const isShort = registers.has(name) && width === SHORT_REGISTER_BITS;
  return {
    name,
    pieces,
    width,
    alignment: Math.min(...bottoms),
    signed: name === 'imm',
    reserved: name === 'rm' ? reservedRoundingModes : [],
    offset: isShort ? FIRST_SHORT_REGISTER : 0,
  };
}

/** Reads a picture of `size` bits: words from the highest bit down, each fixed bits (`0110011`) or an operand with the bits it shows (`imm[4:1|11]`). */
export function parsePicture(picture: string, size: 16 | 32 = 32): Encoding {
  const pieces = new Map<OperandName, Piece[]>();
  let position: number = size;
  let mask = 0;
  let match = 0;
  for (const word of picture.split(' ')) {
    if (/^[01]+$/.test(word)) {
      position -= word.length;
      mask |= (2 ** word.length - 1) << position;
      match |= parseInt(word, 2) << position;
      continue;
    }
    const { name, ranges } = rangesOf(word);
    if (!isOperandName(name)) throw new Error(`encoding '${picture}' names '${name}'`);
    for (const [high, low] of ranges) {
      const width = high - low + 1;
      position -= width;
      const piece = { wordBit: position, operandBit: low, width };
      pieces.set(name, [...(pieces.get(name) ?? []), piece]);
    }
  }
  if (position !== 0) throw new Error(`encoding '${picture}' has ${String(size - position)} bits`);
  const fields = [...pieces].map(([name, list]) => fieldOf(name, list));
  return { picture, mask: mask >>> 0, match: match >>> 0, fields };
}

/** Whether no operand of a word has a reserved value. */
export function isAssigned({ fields }: Encoding, word: number): boolean {
  return fields.every(
    (field) => field.reserved.length === 0 || !field.reserved.includes(extractField(field, word)),
  );
}

/** Takes an operand's value out of an instruction word. */
export function extractField(field: Field, word: number): number {
  let value = 0;
  for (const { wordBit, operandBit, width } of field.pieces) {
    value |= ((word >>> wordBit) & (-1 >>> (32 - width))) << operandBit;
  }
  const unused = 32 - field.width;
  return field.signed ? (value << unused) >> unused : value + field.offset;
}

/** The smallest and largest value that a field can hold. */
export function fieldRange({ width, signed, alignment, offset }: Field): {
  readonly lowest: number;
  readonly highest: number;
} {
  const top = signed ? 2 ** (width - 1) : 2 ** width;
  return { lowest: signed ? -top : offset, highest: offset + top - 2 ** alignment };
}

/** Places an operand's value, which must be in range and aligned, into the bits of an instruction word. */
export function insertField(field: Field, value: number): number {
  let word = 0;
  for (const { wordBit, operandBit, width } of field.pieces) {
    word |= (((value - field.offset) >>> operandBit) & (2 ** width - 1)) << wordBit;
  }
  return word >>> 0;
}
