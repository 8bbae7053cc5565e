import * as csr from 'rv/csr';
import { PAGE } from '../../shared/page.ts';
import { csrc, csrr, csrs, csrw, cstr, fence_i, sym_addr } from '../../shared/rv.ts';
import { copyBytes } from '../../shared/bytes.ts';
import {
  ElfSegment,
  PF_R,
  PF_W,
  PF_X,
  PT_LOAD,
  elfEntry,
  elfSegmentCount,
  isElf,
  readElfSegment,
} from '../../shared/elf-reader.ts';
import { SYS_EXIT, SYS_GETPID, SYS_WRITE } from '../../shared/syscalls.ts';
import { complain, endLine, lineBuffer, put } from '../runtime/console.ts';
import { appendByte } from '../../shared/text-buffer.ts';
import { GuestHart } from '../runtime/hart.ts';
import {
  EXECUTE,
  READ,
  USER,
  WRITE,
  allocatePage,
  copySpace,
  enterSpace,
  findPage,
  mapPage,
} from './address-space.ts';

/** Goes to user mode with the hart's registers (trap-vector.asm.ts). */
declare function run_user(hart: GuestHart): u64;

const STACK_TOP: u64 = 0x5000_0000;
const STACK_PAGES: u64 = 4;
const ECALL_BYTES: u64 = 4;
/** The user program may read cycle, time and retired instructions. */
const COUNTERS: u64 = 7;

const segmentWords: usize = memory.data(offsetof<ElfSegment>(), 8);
let systemCalls: u64 = 0;
let exitStatus: u64 = 0;

/** Runs the embedded user program in an address space of its own, and gives the status it exits with. */
export function runUserProgram(hart: GuestHart, kernelSpace: u64): u64 {
  const space = copySpace(kernelSpace);
  const file = sym_addr('user_start');
  const size = sym_addr('user_end') - file;
  if (!loadProgram(space, file, size)) {
    complain(cstr('the user program is no ELF file'), file);
    return ~(<u64>0);
  }
  for (let page: u64 = 1; page <= STACK_PAGES; page++) {
    mapPage(space, STACK_TOP - page * PAGE, allocatePage(), READ | WRITE | USER);
  }
  fence_i();
  enterSpace(space);
  csrw(csr.scounteren, COUNTERS);
  csrw(csr.sepc, elfEntry(file));
  csrc(csr.sstatus, csr.sstatus_spp);
  csrs(csr.sstatus, csr.sstatus_spie);
  hart.x2 = STACK_TOP;
  run_user(hart);
  enterSpace(kernelSpace);
  return exitStatus;
}

/** System calls the program made. */
export function systemCallCount(): u64 {
  return systemCalls;
}

/** Carries out a system call of the program; 1 = the program has ended. */
export function systemCall(hart: GuestHart): u64 {
  systemCalls++;
  csrw(csr.sepc, csrr(csr.sepc) + ECALL_BYTES);
  switch (hart.x17) {
    case SYS_WRITE:
      hart.x10 = writeUserText(hart.x11, hart.x12);
      return 0;
    case SYS_GETPID:
      hart.x10 = 1;
      return 0;
    case SYS_EXIT:
      exitStatus = hart.x10;
      return 1;
    default:
      hart.x10 = ~(<u64>37);
      return 0;
  }
}

function writeUserText(address: u64, length: u64): u64 {
  put(cstr('user: '));
  csrs(csr.sstatus, csr.sstatus_sum);
  for (let index: u64 = 0; index < length; index++)
    appendByte(lineBuffer(), load<u8>(<usize>(address + index)));
  csrc(csr.sstatus, csr.sstatus_sum);
  endLine();
  return length;
}

function loadProgram(space: u64, file: usize, size: usize): bool {
  if (!isElf(file, size)) return false;
  const segment = changetype<ElfSegment>(segmentWords);
  for (let index: u64 = 0; index < elfSegmentCount(file); index++) {
    if (!readElfSegment(file, size, index, segment)) return false;
    if (segment.type == PT_LOAD) loadSegment(space, file, segment);
  }
  return true;
}

function loadSegment(space: u64, file: usize, segment: ElfSegment): void {
  const permissions = permissionsOf(segment.flags);
  const end = segment.virtualAddress + segment.memorySize;
  for (let page = segment.virtualAddress & ~(PAGE - 1); page < end; page += PAGE) {
    if (findPage(space, page) == 0) mapPage(space, page, allocatePage(), permissions);
  }
  for (let done: u64 = 0; done < segment.fileSize;) {
    const address = segment.virtualAddress + done;
    const offset = address & (PAGE - 1);
    const rest = segment.fileSize - done;
    const length = rest < PAGE - offset ? rest : PAGE - offset;
    copyBytes(
      <usize>(findPage(space, address) + offset),
      file + <usize>(segment.offset + done),
      <usize>length,
    );
    done += length;
  }
}

function permissionsOf(flags: u32): u64 {
  let permissions = USER;
  if (flags & PF_R) permissions |= READ;
  if (flags & PF_W) permissions |= READ | WRITE;
  if (flags & PF_X) permissions |= EXECUTE;
  return permissions;
}
