import { ByteReader } from './byte-reader.ts';
import { imageError } from './image-error.ts';
import { LineTable } from './line-table.ts';
import { SymbolTable, type ImageSymbol } from './symbol-table.ts';

/** A part of an image that is to be placed in memory; bytes beyond `bytes` up to `memorySize` are zero. */
export interface Segment {
  readonly physicalAddress: number;
  readonly virtualAddress: bigint;
  readonly bytes: Uint8Array;
  readonly memorySize: number;
}

/** What an ELF64 file of a RISC-V program says. */
export interface ElfImage {
  readonly name: string;
  readonly entry: bigint;
  /** Whether some of its code is compressed (psABI, e_flags). */
  readonly isCompressed: boolean;
  readonly segments: readonly Segment[];
  readonly symbols: SymbolTable;
  readonly lines: LineTable;
}

const magic = 0x464c_457f;
const machineRiscv = 243;
const flagCompressed = 1;
const segmentLoad = 1;
const sectionSymbols = 2;
const symbolTypeFunction = 2;
const symbolTypeSection = 3;
const symbolTypeFile = 4;

/** Tells an ELF file from a raw binary by its first four bytes. */
export function isElf(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

/** Reads a little-endian ELF64 executable for RISC-V; a file that is anything else is refused by name. */
export function readElf(name: string, bytes: Uint8Array): ElfImage {
  const file = new ByteReader(name, bytes);
  checkIdentity(file);
  const segments = readSegments(file);
  if (segments.length === 0) {
    throw imageError('E-IMG-004', `${name}: no segment is to be loaded (object file, not linked?)`);
  }
  const symbols = new SymbolTable(readSymbols(file));
  const lines = new LineTable(() => findSection(file, '.debug_line'));
  const entry = file.u64(24, 'the entry point');
  const isCompressed = (file.u32(48, 'the flags') & flagCompressed) !== 0;
  return { name, entry, isCompressed, segments, symbols, lines };
}

function checkIdentity(file: ByteReader): void {
  const wrong = (found: string): Error =>
    imageError('E-IMG-002', `${file.name}: expected an ELF64 file for RISC-V, found ${found}`);
  if (file.bytes.length < 4 || file.u32(0, 'the magic number') !== magic) {
    throw wrong('no ELF magic number');
  }
  if (file.u8(4, 'the file class') !== 2) throw wrong('a 32-bit ELF file');
  if (file.u8(5, 'the byte order') !== 1) throw wrong('a big-endian ELF file');
  const machine = file.u16(18, 'the machine');
  if (machine !== machineRiscv) throw wrong(`machine ${String(machine)} (RISC-V is 243)`);
}

function readSegments(file: ByteReader): Segment[] {
  const table = file.offset(32, 'the program header offset');
  const entrySize = file.u16(54, 'the program header size');
  const count = file.u16(56, 'the program header count');
  if (count > 0 && entrySize < 56) throw badEntrySize(file, 'program header', entrySize, 56);
  const segments: Segment[] = [];
  for (let index = 0; index < count; index += 1) {
    const segment = readSegment(file, table + index * entrySize, `program header ${String(index)}`);
    if (segment !== undefined) segments.push(segment);
  }
  return segments;
}

function readSegment(file: ByteReader, at: number, what: string): Segment | undefined {
  if (file.u32(at, what) !== segmentLoad) return undefined;
  const fileOffset = file.offset(at + 8, `${what}: offset`);
  const fileSize = file.offset(at + 32, `${what}: file size`);
  const memorySize = file.offset(at + 40, `${what}: memory size`);
  if (memorySize === 0) return undefined;
  if (fileSize > memorySize) {
    throw imageError('E-IMG-003', `${file.name}: ${what}: more bytes in the file than in memory`);
  }
  return {
    physicalAddress: file.offset(at + 24, `${what}: physical address`),
    virtualAddress: file.u64(at + 16, `${what}: virtual address`),
    bytes: file.slice(fileOffset, fileSize, `${what}: contents`),
    memorySize,
  };
}

function readSymbols(file: ByteReader): ImageSymbol[] {
  const table = file.offset(40, 'the section header offset');
  const entrySize = file.u16(58, 'the section header size');
  const count = file.u16(60, 'the section header count');
  if (table === 0 || count === 0) return [];
  if (entrySize < 64) throw badEntrySize(file, 'section header', entrySize, 64);
  const symbols: ImageSymbol[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = table + index * entrySize;
    const what = `section header ${String(index)}`;
    if (file.u32(at + 4, what) !== sectionSymbols) continue;
    const link = file.u32(at + 40, `${what}: string table`);
    if (link >= count) {
      throw imageError(
        'E-IMG-003',
        `${file.name}: ${what} names string table ${String(link)}, which does not exist`,
      );
    }
    const strings = file.offset(table + link * entrySize + 24, 'the string table');
    symbols.push(...readSymbolSection(file, at, strings));
  }
  return symbols;
}

function readSymbolSection(file: ByteReader, header: number, strings: number): ImageSymbol[] {
  const start = file.offset(header + 24, 'the symbol table');
  const length = file.offset(header + 32, 'the symbol table size');
  file.slice(start, length, 'the symbol table');
  const symbols: ImageSymbol[] = [];
  for (let at = start; at + 24 <= start + length; at += 24) {
    const type = file.u8(at + 4, 'a symbol') & 0xf;
    const name = file.text(strings + file.u32(at, 'a symbol'), "a symbol's name");
    const isDefined = file.u16(at + 6, 'a symbol') !== 0;
    if (name === '' || !isDefined || type === symbolTypeSection || type === symbolTypeFile)
      continue;
    symbols.push({
      name,
      address: file.u64(at + 8, 'a symbol'),
      size: file.u64(at + 16, 'a symbol'),
      isFunction: type === symbolTypeFunction,
    });
  }
  return symbols;
}

/** The contents of the section of this name, or undefined if there is none. */
function findSection(file: ByteReader, name: string): Uint8Array | undefined {
  const table = file.offset(40, 'the section header offset');
  const entrySize = file.u16(58, 'the section header size');
  const count = file.u16(60, 'the section header count');
  const contents = (index: number): Uint8Array => {
    const at = table + index * entrySize;
    const start = file.offset(at + 24, 'a section');
    return file.slice(start, file.offset(at + 32, "a section's size"), `section ${String(index)}`);
  };
  const namesAt = file.u16(62, 'the section of names');
  if (namesAt === 0 || namesAt >= count) return undefined;
  const names = new ByteReader(file.name, contents(namesAt));
  for (let index = 0; index < count; index += 1) {
    const nameAt = file.u32(table + index * entrySize, 'a section header');
    if (nameAt < names.bytes.length && names.text(nameAt, "a section's name") === name)
      return contents(index);
  }
  return undefined;
}

function badEntrySize(file: ByteReader, what: string, found: number, least: number): Error {
  const sizes = `${String(found)} bytes, at least ${String(least)} are needed`;
  return imageError('E-IMG-003', `${file.name}: a ${what} has ${sizes}`);
}
