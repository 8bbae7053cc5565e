import { loadLittle16, loadLittle32, loadLittle64 } from './bytes.ts';

/** Program header type of a segment to load. `elf "Program Header"` */
export const PT_LOAD: u32 = 1;
/** Segment flag: executable. */
export const PF_X: u32 = 1;
/** Segment flag: writable. */
export const PF_W: u32 = 2;
/** Segment flag: readable. */
export const PF_R: u32 = 4;

const ELF_MAGIC: u32 = 0x464c_457f;
const CLASS_64: u32 = 2;
const LITTLE_ENDIAN: u32 = 1;
const MACHINE_RISCV: u32 = 243;
const HEADER_BYTES: usize = 64;
const PROGRAM_HEADER_BYTES: usize = 56;

/** One segment of an ELF file in memory. */
@unmanaged
export class ElfSegment {
  /** PT_LOAD or another kind. */
  type: u32;
  /** PF_R, PF_W, PF_X. */
  flags: u32;
  /** Start of the bytes inside the file. */
  offset: u64;
  /** Virtual address. */
  virtualAddress: u64;
  /** Physical address. */
  physicalAddress: u64;
  /** Bytes in the file. */
  fileSize: u64;
  /** Bytes in memory; the rest is zero. */
  memorySize: u64;
}

/** Whether the file is a 64-bit little-endian RISC-V ELF whose program headers lie inside it. */
export function isElf(file: usize, size: usize): bool {
  if (size < HEADER_BYTES || loadLittle32(file) != ELF_MAGIC) return false;
  if (load<u8>(file, 4) != CLASS_64 || load<u8>(file, 5) != LITTLE_ENDIAN) return false;
  if (loadLittle16(file + 18) != MACHINE_RISCV) return false;
  const table = loadLittle64(file + 32);
  const end = table + elfSegmentCount(file) * PROGRAM_HEADER_BYTES;
  return loadLittle16(file + 54) == PROGRAM_HEADER_BYTES && table <= size && end <= size;
}

/** Where execution starts. */
export function elfEntry(file: usize): u64 {
  return loadLittle64(file + 24);
}

/** Number of program headers. */
export function elfSegmentCount(file: usize): u64 {
  return loadLittle16(file + 56);
}

/** Reads program header `index`; false when a PT_LOAD segment's bytes lie outside the file or its sizes contradict each other. */
export function readElfSegment(file: usize, size: usize, index: u64, segment: ElfSegment): bool {
  const header = file + loadLittle64(file + 32) + index * PROGRAM_HEADER_BYTES;
  segment.type = loadLittle32(header);
  segment.flags = loadLittle32(header + 4);
  segment.offset = loadLittle64(header + 8);
  segment.virtualAddress = loadLittle64(header + 16);
  segment.physicalAddress = loadLittle64(header + 24);
  segment.fileSize = loadLittle64(header + 32);
  segment.memorySize = loadLittle64(header + 40);
  if (segment.type != PT_LOAD) return true;
  if (segment.fileSize > segment.memorySize) return false;
  if (segment.virtualAddress + segment.memorySize < segment.virtualAddress) return false;
  return segment.offset <= size && segment.fileSize <= size - segment.offset;
}
