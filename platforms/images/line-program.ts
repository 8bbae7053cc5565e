import { imageError } from './image-error.ts';
import { LineProgramReader } from './line-program-reader.ts';

/** A row of a line table: from this address on, code comes from this line (DWARF 4, 6.2.2). */
export interface LineRow {
  readonly address: bigint;
  /** As the table stores it; a directory of the machine that built the program is left out. */
  readonly file: string;
  /** Counted from 1; 0 where a sequence ends or code comes from no line. */
  readonly line: number;
  readonly endsSequence: boolean;
}

const Opcode = {
  copy: 1,
  advancePc: 2,
  advanceLine: 3,
  setFile: 4,
  constAddPc: 8,
  fixedAdvancePc: 9,
} as const;
const ExtendedOpcode = { endSequence: 1, setAddress: 2, defineFile: 3 } as const;
const longFormat = 0xffff_fff0;

interface Prologue {
  readonly instructionBytes: number;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  readonly operandCounts: readonly number[];
  readonly directories: readonly string[];
  readonly files: string[];
}

/**
 * Runs the line programs of a `.debug_line` section (DWARF 2 to 4, 32-bit format; units of other versions are
 * passed over). Rows come in the order of the section; a malformed section is refused as an error of the image.
 */
export function readLinePrograms(section: Uint8Array): LineRow[] {
  const rows: LineRow[] = [];
  const reader = new LineProgramReader(section);
  while (!reader.isAtEnd) {
    const length = reader.u32();
    if (length >= longFormat) throw malformed('a unit in the 64-bit format');
    const unit = new LineProgramReader(reader.take(length));
    const version = unit.u16();
    if (version >= 2 && version <= 4) runUnit(unit, readPrologue(unit, version), rows);
  }
  return rows;
}

function malformed(what: string): Error {
  return imageError('E-IMG-003', `.debug_line: ${what} cannot be read`);
}

function readPrologue(unit: LineProgramReader, version: number): Prologue {
  const programAt = unit.u32() + unit.position;
  const instructionBytes = unit.u8();
  if (version >= 4 && unit.u8() !== 1) throw malformed('code of several operations a word');
  unit.u8();
  const lineBase = (unit.u8() << 24) >> 24;
  const lineRange = unit.u8();
  const opcodeBase = unit.u8();
  if (lineRange === 0 || opcodeBase === 0) throw malformed('a unit without special opcodes');
  const operandCounts = Array.from({ length: opcodeBase - 1 }, () => unit.u8());
  const directories: string[] = [];
  for (let name = unit.text(); name !== ''; name = unit.text()) directories.push(name);
  const files: string[] = [];
  for (let name = unit.text(); name !== ''; name = unit.text()) {
    files.push(readFile(unit, name, directories));
  }
  unit.position = programAt;
  return { instructionBytes, lineBase, lineRange, opcodeBase, operandCounts, directories, files };
}

/** Reads what follows a file's name, and gives its path without a directory of the building machine. */
function readFile(unit: LineProgramReader, name: string, directories: readonly string[]): string {
  const directory = directories[Number(unit.unsignedLeb()) - 1] ?? '';
  unit.unsignedLeb();
  unit.unsignedLeb();
  if (isOfHost(name))
    return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  return directory === '' || isOfHost(directory) ? name : `${directory}/${name}`;
}

function isOfHost(path: string): boolean {
  return /^([/\\]|[a-z]:)/i.test(path);
}

function runUnit(unit: LineProgramReader, prologue: Prologue, rows: LineRow[]): void {
  const { opcodeBase, operandCounts } = prologue;
  const sequence = new Sequence(prologue, rows);
  while (!unit.isAtEnd) {
    const opcode = unit.u8();
    if (opcode >= opcodeBase) {
      sequence.special(opcode);
      continue;
    }
    switch (opcode) {
      case 0:
        runExtended(
          new LineProgramReader(unit.take(Number(unit.unsignedLeb()))),
          prologue,
          sequence,
        );
        break;
      case Opcode.copy:
        sequence.append();
        break;
      case Opcode.advancePc:
        sequence.advance(unit.unsignedLeb());
        break;
      case Opcode.advanceLine:
        sequence.advanceLine(Number(BigInt.asIntN(32, unit.signedLeb())));
        break;
      case Opcode.setFile:
        sequence.file = Number(unit.unsignedLeb());
        break;
      case Opcode.constAddPc:
        sequence.advanceAsSpecial(0xff);
        break;
      case Opcode.fixedAdvancePc:
        sequence.moveTo(sequence.address + BigInt(unit.u16()));
        break;
      default:
        for (let left = operandCounts[opcode - 1] ?? 0; left > 0; left -= 1) unit.unsignedLeb();
    }
  }
  if (sequence.isOpen) throw malformed('a sequence without an end');
}

function runExtended(
  instruction: LineProgramReader,
  { directories, files }: Prologue,
  sequence: Sequence,
): void {
  switch (instruction.u8()) {
    case ExtendedOpcode.endSequence:
      sequence.end();
      break;
    case ExtendedOpcode.setAddress:
      sequence.moveTo(instruction.u64());
      break;
    case ExtendedOpcode.defineFile:
      files.push(readFile(instruction, instruction.text(), directories));
      break;
  }
}

/** The registers of the line-number state machine (DWARF 4, 6.2.2), and the rows since they were reset. */
class Sequence {
  readonly #prologue: Prologue;
  readonly #finished: LineRow[];
  #rows: LineRow[] = [];
  #line = 1;
  address = 0n;
  file = 1;

  constructor(prologue: Prologue, finished: LineRow[]) {
    this.#prologue = prologue;
    this.#finished = finished;
  }

  get isOpen(): boolean {
    return this.#rows.length > 0;
  }

  moveTo(address: bigint): void {
    this.address = BigInt.asUintN(64, address);
  }

  advance(instructions: bigint): void {
    this.moveTo(this.address + instructions * BigInt(this.#prologue.instructionBytes));
  }

  advanceLine(by: number): void {
    this.#line = (this.#line + by) >>> 0;
  }

  advanceAsSpecial(opcode: number): void {
    const { opcodeBase, lineRange } = this.#prologue;
    this.advance(BigInt(Math.floor((opcode - opcodeBase) / lineRange)));
  }

  special(opcode: number): void {
    const { opcodeBase, lineBase, lineRange } = this.#prologue;
    this.advanceAsSpecial(opcode);
    this.advanceLine(lineBase + ((opcode - opcodeBase) % lineRange));
    this.append();
  }

  append(): void {
    const file = this.#prologue.files[this.file - 1];
    const line = file === undefined ? 0 : this.#line;
    this.#rows.push({ address: this.address, file: file ?? '', line, endsSequence: false });
  }

  /** Hands over the rows; one at or behind the end covers no code and is dropped. */
  end(): void {
    const { address } = this;
    for (const row of this.#rows) if (row.address < address) this.#finished.push(row);
    if (this.isOpen) this.#finished.push({ address, file: '', line: 0, endsSequence: true });
    this.#rows = [];
    this.#line = 1;
    this.address = 0n;
    this.file = 1;
  }
}
