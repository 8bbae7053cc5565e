import { ByteWriter } from './byte-writer.ts';

/** A part of the image that a loader copies to memory. */
export interface ElfSegment {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  /** Size in memory; what exceeds `bytes` is zero. */
  readonly memorySize: bigint;
  readonly isWritable: boolean;
  readonly isExecutable: boolean;
}

/** A named range for debuggers and tools. */
export interface ElfSection {
  readonly name: string;
  readonly kind: 'code' | 'data' | 'zero' | 'debug';
  readonly address: bigint;
  readonly size: bigint;
  /** Contents of a debug section; the others lie in segments. */
  readonly bytes?: Uint8Array;
}

/** A symbol of the image. */
export interface ElfSymbol {
  readonly name: string;
  readonly address: bigint;
  readonly size: bigint;
  readonly isFunction: boolean;
}

/** What an executable file says. */
export interface ElfDescription {
  readonly entry: bigint;
  readonly segments: readonly ElfSegment[];
  readonly sections: readonly ElfSection[];
  readonly symbols: readonly ElfSymbol[];
}

const pageSize = 4096;
const headerSize = 64;
const programHeaderSize = 56;
const sectionHeaderSize = 64;
const symbolSize = 24;
const machineRiscv = 243;
const SectionType = { progbits: 1, symtab: 2, strtab: 3, nobits: 8 } as const;
const SectionFlag = { write: 1n, allocate: 2n, execute: 4n } as const;

class StringTable {
  readonly #writer = new ByteWriter();

  constructor() {
    this.#writer.u8(0);
  }

  add(text: string): number {
    const at = this.#writer.length;
    this.#writer.text(text);
    return at;
  }

  finish(): Uint8Array {
    return this.#writer.finish();
  }
}

interface SectionHeader {
  readonly name: string;
  readonly type: number;
  readonly flags: bigint;
  readonly address: bigint;
  readonly offset: number;
  readonly size: bigint;
  readonly link: number;
  readonly info: number;
  readonly entrySize: bigint;
}

/** Writes an ELF64 executable for RISC-V (System V gABI, riscv-elf-psabi). */
export function writeElf(description: ElfDescription): Uint8Array {
  const { segments, sections, symbols } = description;
  const file = new ByteWriter();
  file.zeros(headerSize + segments.length * programHeaderSize);
  const offsets = segments.map(({ bytes }) => {
    file.alignTo(pageSize);
    const at = file.length;
    file.bytes(bytes);
    return at;
  });
  const offsetOf = (address: bigint): number => {
    const index = segments.findIndex(
      (s) => address >= s.address && address <= s.address + s.memorySize,
    );
    const segment = segments[index];
    return segment ? (offsets[index] ?? 0) + Number(address - segment.address) : 0;
  };

  const headers: SectionHeader[] = [];
  const plain = { link: 0, info: 0, entrySize: 0n };
  for (const { name, kind, address, size, bytes } of sections) {
    let offset = offsetOf(address);
    if (bytes) {
      offset = file.length;
      file.bytes(bytes);
    }
    const type = kind === 'zero' ? SectionType.nobits : SectionType.progbits;
    headers.push({ ...plain, name, type, flags: flagsOf(kind), address, offset, size });
  }
  const names = new StringTable();
  file.alignTo(8);
  const symbolTable = { offset: file.length, link: headers.length + 2 };
  writeSymbols(file, symbols, names, sections);
  const size = BigInt((symbols.length + 1) * symbolSize);
  headers.push({
    ...{ name: '.symtab', type: SectionType.symtab, flags: 0n, address: 0n, info: 1 },
    ...{ ...symbolTable, size, entrySize: BigInt(symbolSize) },
  });
  appendStrings(file, headers, '.strtab', names.finish());
  const sectionNames = new StringTable();
  const nameOffsets = [...headers.map(({ name }) => name), '.shstrtab'].map((name) =>
    sectionNames.add(name),
  );
  appendStrings(file, headers, '.shstrtab', sectionNames.finish());
  file.alignTo(8);
  const sectionTable = file.length;
  file.zeros(sectionHeaderSize);
  headers.forEach((header, index) => writeSectionHeader(file, header, nameOffsets[index] ?? 0));

  const bytes = file.finish();
  const head = new ByteWriter();
  writeFileHeader(head, description, sectionTable, headers.length + 1);
  segments.forEach((segment, index) => writeProgramHeader(head, segment, offsets[index] ?? 0));
  bytes.set(head.finish());
  return bytes;
}

function flagsOf(kind: ElfSection['kind']): bigint {
  const { allocate, execute, write } = SectionFlag;
  if (kind === 'debug') return 0n;
  return kind === 'code' ? allocate | execute : allocate | write;
}

function appendStrings(
  file: ByteWriter,
  headers: SectionHeader[],
  name: string,
  bytes: Uint8Array,
): void {
  headers.push({
    ...{ name, type: SectionType.strtab, flags: 0n, address: 0n, link: 0, info: 0, entrySize: 0n },
    ...{ offset: file.length, size: BigInt(bytes.length) },
  });
  file.bytes(bytes);
}

function writeSymbols(
  file: ByteWriter,
  symbols: readonly ElfSymbol[],
  names: StringTable,
  sections: readonly ElfSection[],
): void {
  const absolute = 0xfff1;
  const globalFunction = 0x12;
  const globalObject = 0x10;
  file.zeros(symbolSize);
  for (const { name, address, size, isFunction } of symbols) {
    const section = sections.findIndex(
      (s) => s.kind !== 'debug' && address >= s.address && address <= s.address + s.size,
    );
    file.u32(names.add(name));
    file.u8(isFunction ? globalFunction : globalObject);
    file.u8(0);
    file.u16(section < 0 ? absolute : section + 1);
    file.u64(address);
    file.u64(size);
  }
}

function writeSectionHeader(file: ByteWriter, header: SectionHeader, name: number): void {
  file.u32(name);
  file.u32(header.type);
  file.u64(header.flags);
  file.u64(header.address);
  file.u64(BigInt(header.offset));
  file.u64(header.size);
  file.u32(header.link);
  file.u32(header.info);
  file.u64(8n);
  file.u64(header.entrySize);
}

function writeFileHeader(
  head: ByteWriter,
  { entry, segments }: ElfDescription,
  sectionTable: number,
  sectionCount: number,
): void {
  const identification = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  head.bytes(Uint8Array.from(identification));
  head.u16(2);
  head.u16(machineRiscv);
  head.u32(1);
  head.u64(entry);
  head.u64(BigInt(headerSize));
  head.u64(BigInt(sectionTable));
  head.u32(0);
  head.u16(headerSize);
  head.u16(programHeaderSize);
  head.u16(segments.length);
  head.u16(sectionHeaderSize);
  head.u16(sectionCount);
  head.u16(sectionCount - 1);
}

function writeProgramHeader(head: ByteWriter, segment: ElfSegment, offset: number): void {
  const readable = 4;
  const loadable = 1;
  head.u32(loadable);
  head.u32(readable | (segment.isWritable ? 2 : 0) | (segment.isExecutable ? 1 : 0));
  head.u64(BigInt(offset));
  head.u64(segment.address);
  head.u64(segment.address);
  head.u64(BigInt(segment.bytes.length));
  head.u64(segment.memorySize);
  head.u64(BigInt(pageSize));
}
