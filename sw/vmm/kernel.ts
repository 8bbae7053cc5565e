import { cstr } from '../shared/rv.ts';
import { copyBytes, zeroBytes } from '../shared/bytes.ts';
import {
  ElfSegment,
  PT_LOAD,
  elfEntry,
  elfSegmentCount,
  isElf,
  readElfSegment,
} from '../shared/elf-reader.ts';
import { O_RDONLY } from '../shared/syscalls.ts';
import { STATUS_IMAGE, failNaming } from './failure.ts';
import { allocatePages, closeFile, openFile, readAt, releasePages, sizeOfFile } from './host.ts';
import { hostOfRam, isRam } from './guest-ram.ts';
import { RAW_KERNEL_BASE } from './limits.ts';

const RAW_BASE: u64 = RAW_KERNEL_BASE;
const ELF_MAGIC: u32 = 0x464c_457f;

const segmentWords: usize = memory.data(offsetof<ElfSegment>(), 8);

/** End of the loaded image, where the guest's free memory begins. */
export let kernelEnd: u64 = 0;

/** Loads the guest's image, ELF by its physical addresses or raw, and gives the address where it begins. */
export function loadKernel(path: usize): u64 {
  const opened = openFile(path, O_RDONLY);
  if (opened < 0) failNaming(STATUS_IMAGE, cstr('cannot open the kernel'), path);
  const file = <u64>opened;
  const size = sizeOfFile(file);
  if (size <= 0) failNaming(STATUS_IMAGE, cstr('the kernel is empty'), path);
  const bytes = allocatePages(<u64>size);
  if (bytes < 0 || !readAt(file, 0, <usize>bytes, <u64>size)) {
    failNaming(STATUS_IMAGE, cstr('cannot read the kernel'), path);
  }
  closeFile(file);
  const entry = place(<usize>bytes, <usize>size, path);
  releasePages(<usize>bytes, <u64>size);
  return entry;
}

function place(bytes: usize, size: usize, path: usize): u64 {
  if (isElf(bytes, size)) return placeElf(bytes, size, path);
  if (size >= 4 && load<u32>(bytes) == ELF_MAGIC) {
    failNaming(STATUS_IMAGE, cstr('the kernel is not a whole 64-bit RISC-V ELF file'), path);
  }
  const target = hostOfRam(RAW_BASE, size);
  if (target == 0)
    failNaming(STATUS_IMAGE, cstr('the kernel does not fit into the guest memory'), path);
  copyBytes(target, bytes, size);
  kernelEnd = RAW_BASE + size;
  return RAW_BASE;
}

function placeElf(bytes: usize, size: usize, path: usize): u64 {
  const segment = changetype<ElfSegment>(segmentWords);
  for (let index: u64 = 0; index < elfSegmentCount(bytes); index++) {
    if (!readElfSegment(bytes, size, index, segment)) {
      failNaming(STATUS_IMAGE, cstr('a segment of the kernel contradicts its file'), path);
    }
    if (segment.type != PT_LOAD || segment.memorySize == 0) continue;
    const target = hostOfRam(segment.physicalAddress, segment.memorySize);
    if (target == 0)
      failNaming(STATUS_IMAGE, cstr('a segment of the kernel lies outside the guest memory'), path);
    copyBytes(target, bytes + <usize>segment.offset, <usize>segment.fileSize);
    zeroBytes(target + <usize>segment.fileSize, <usize>(segment.memorySize - segment.fileSize));
    const end = segment.physicalAddress + segment.memorySize;
    if (end > kernelEnd) kernelEnd = end;
  }
  const entry = elfEntry(bytes);
  if (!isRam(entry))
    failNaming(STATUS_IMAGE, cstr('the entry of the kernel lies outside the guest memory'), path);
  return entry;
}
