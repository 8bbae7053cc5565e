/** One loadable segment of a hand-made ELF file. */
export interface ElfSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly memorySize?: number;
}

/** What a hand-made ELF file holds. */
export interface ElfParts {
  readonly entry: number;
  readonly segments: readonly ElfSegment[];
  readonly symbols?: Readonly<Record<string, number>>;
  /** e_flags; bit 0 announces compressed instructions. */
  readonly flags?: number;
}

const headerBytes = 64;
const programHeaderBytes = 56;
const sectionHeaderBytes = 64;
const symbolBytes = 24;

/** Writes an ELF64 file for RISC-V: headers, segments, symbol table and its strings, nothing else. */
export function elfFile({ entry, segments, symbols = {}, flags = 0 }: ElfParts): Uint8Array {
  const names = Object.keys(symbols);
  const strings = new TextEncoder().encode(`\0${names.map((name) => `${name}\0`).join('')}`);
  const contentsAt = headerBytes + segments.length * programHeaderBytes;
  const contentBytes = segments.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const symbolsAt = contentsAt + contentBytes;
  const symbolSize = (names.length + 1) * symbolBytes;
  const stringsAt = symbolsAt + symbolSize;
  const sectionsAt = stringsAt + strings.length;
  const file = new Uint8Array(sectionsAt + 3 * sectionHeaderBytes);
  const view = new DataView(file.buffer);
  const u64 = (at: number, value: number): void => {
    view.setBigUint64(at, BigInt(value), true);
  };
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 243, true);
  view.setUint32(20, 1, true);
  u64(24, entry);
  u64(32, headerBytes);
  u64(40, sectionsAt);
  view.setUint32(48, flags, true);
  view.setUint16(52, headerBytes, true);
  view.setUint16(54, programHeaderBytes, true);
  view.setUint16(56, segments.length, true);
  view.setUint16(58, sectionHeaderBytes, true);
  view.setUint16(60, 3, true);
  view.setUint16(62, 2, true);
  let offset = contentsAt;
  segments.forEach(({ address, bytes, memorySize }, index) => {
    const at = headerBytes + index * programHeaderBytes;
    view.setUint32(at, 1, true);
    [offset, address, address, bytes.length, memorySize ?? bytes.length].forEach((value, field) => {
      u64(at + 8 + field * 8, value);
    });
    file.set(bytes, offset);
    offset += bytes.length;
  });
  let nameAt = 1;
  names.forEach((name, index) => {
    const at = symbolsAt + (index + 1) * symbolBytes;
    view.setUint32(at, nameAt, true);
    view.setUint16(at + 6, 1, true);
    u64(at + 8, symbols[name] ?? 0);
    nameAt += name.length + 1;
  });
  file.set(strings, stringsAt);
  const section = (
    index: number,
    type: number,
    start: number,
    size: number,
    link: number,
  ): void => {
    const at = sectionsAt + index * sectionHeaderBytes;
    view.setUint32(at + 4, type, true);
    u64(at + 24, start);
    u64(at + 32, size);
    view.setUint32(at + 40, link, true);
  };
  section(1, 2, symbolsAt, symbolSize, 2);
  section(2, 3, stringsAt, strings.length, 0);
  return file;
}
