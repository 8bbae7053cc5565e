import { ByteWriter } from './byte-writer.ts';
import type { FunctionRange, LineEntry } from './layout.ts';

/** A debug section of an executable. */
export interface DebugSection {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const version = 4;
const addressBytes = 8;
const instructionBytes = 4;
const Tag = { compileUnit: 0x11, subprogram: 0x2e } as const;
const Attribute = {
  name: 0x03,
  stmtList: 0x10,
  lowPc: 0x11,
  highPc: 0x12,
  producer: 0x25,
} as const;
const Form = { address: 0x01, data8: 0x07, string: 0x08, sectionOffset: 0x17 } as const;
const Opcode = { copy: 1, advancePc: 2, advanceLine: 3, setFile: 4, setColumn: 5 } as const;
const ExtendedOpcode = { endSequence: 1, setAddress: 2 } as const;
/** Operand counts of the standard opcodes 1 to 12 (DWARF 4, 6.2.4). */
const standardOperandCounts = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1];

/** Puts the length of what was written in front of it. */
function withLength(body: ByteWriter): Uint8Array {
  const bytes = body.finish();
  const whole = new ByteWriter();
  whole.u32(bytes.length);
  whole.bytes(bytes);
  return whole.finish();
}

function linePrologue(files: readonly string[]): ByteWriter {
  const prologue = new ByteWriter();
  prologue.u8(instructionBytes);
  prologue.u8(1);
  prologue.u8(1);
  prologue.u8(-3 & 0xff);
  prologue.u8(12);
  prologue.u8(standardOperandCounts.length + 1);
  for (const count of standardOperandCounts) prologue.u8(count);
  prologue.u8(0);
  for (const file of files) {
    prologue.text(file);
    prologue.zeros(3);
  }
  prologue.u8(0);
  return prologue;
}

function lineProgram(
  lines: readonly LineEntry[],
  files: readonly string[],
  end: bigint,
): ByteWriter {
  const program = new ByteWriter();
  let address = lines[0]?.address ?? end;
  let line = 1;
  program.u8(0);
  program.unsignedLeb(1 + addressBytes);
  program.u8(ExtendedOpcode.setAddress);
  program.u64(address);
  const advance = (to: bigint) => {
    program.u8(Opcode.advancePc);
    program.unsignedLeb(Number(to - address) / instructionBytes);
    address = to;
  };
  for (const entry of lines) {
    const { location } = entry;
    if (entry.address !== address) advance(entry.address);
    program.u8(Opcode.setFile);
    program.unsignedLeb(files.indexOf(location.file) + 1);
    program.u8(Opcode.setColumn);
    program.unsignedLeb(location.column);
    program.u8(Opcode.advanceLine);
    program.signedLeb(location.line - line);
    line = location.line;
    program.u8(Opcode.copy);
  }
  advance(end);
  program.u8(0);
  program.unsignedLeb(1);
  program.u8(ExtendedOpcode.endSequence);
  return program;
}

function writeLines(lines: readonly LineEntry[], end: bigint): Uint8Array {
  const files = [...new Set(lines.map(({ location }) => location.file))];
  const prologue = linePrologue(files).finish();
  const body = new ByteWriter();
  body.u16(version);
  body.u32(prologue.length);
  body.bytes(prologue);
  body.bytes(lineProgram(lines, files, end).finish());
  return withLength(body);
}

function writeAbbreviations(): Uint8Array {
  const table = new ByteWriter();
  const declare = (code: number, tag: number, hasChildren: boolean, pairs: readonly number[]) => {
    table.unsignedLeb(code);
    table.unsignedLeb(tag);
    table.u8(hasChildren ? 1 : 0);
    for (const number of pairs) table.unsignedLeb(number);
    table.u16(0);
  };
  const range = [Attribute.lowPc, Form.address, Attribute.highPc, Form.data8];
  declare(1, Tag.compileUnit, true, [
    ...[Attribute.producer, Form.string, Attribute.name, Form.string],
    ...[Attribute.stmtList, Form.sectionOffset, ...range],
  ]);
  declare(2, Tag.subprogram, false, [Attribute.name, Form.string, ...range]);
  table.u8(0);
  return table.finish();
}

function writeInformation(image: DebuggedImage): Uint8Array {
  const { name, start, end, functions } = image;
  const body = new ByteWriter();
  body.u16(version);
  body.u32(0);
  body.u8(addressBytes);
  body.unsignedLeb(1);
  body.text('dvlab toolchain');
  body.text(name);
  body.u32(0);
  body.u64(start);
  body.u64(end - start);
  for (const f of functions) {
    body.unsignedLeb(2);
    body.text(f.name);
    body.u64(f.address);
    body.u64(BigInt(f.size));
  }
  body.u8(0);
  return withLength(body);
}

/** What debug information is written about. */
export interface DebuggedImage {
  readonly name: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly functions: readonly FunctionRange[];
  readonly lines: readonly LineEntry[];
}

/** Writes the functions and the line table of an image for debuggers (DWARF 4). */
export function writeDebugSections(image: DebuggedImage): readonly DebugSection[] {
  return [
    { name: '.debug_abbrev', bytes: writeAbbreviations() },
    { name: '.debug_info', bytes: writeInformation(image) },
    { name: '.debug_line', bytes: writeLines(image.lines, image.end) },
  ];
}
