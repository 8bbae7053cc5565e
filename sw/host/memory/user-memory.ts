import { copyBytes } from '../../shared/bytes.ts';
import { Process } from '../process/process.ts';
import { userToPhysical } from './address-space.ts';
import { PAGE_BYTES } from './frames.ts';
import { PTE_READ, PTE_WRITE } from './page-table.ts';

/** The kernel reaches user memory through its physical address, checked page by page: a bad pointer is an error, never a fault. */

function pageRest(address: u64): u64 {
  return PAGE_BYTES - (address & (PAGE_BYTES - 1));
}

/** Copies from the process; false when some of it is not readable. */
export function copyIn(process: Process, target: usize, address: u64, length: u64): bool {
  while (length != 0) {
    const physical = userToPhysical(process, address, PTE_READ);
    if (physical == 0) return false;
    const rest = pageRest(address);
    const part = rest < length ? rest : length;
    copyBytes(target, physical, part);
    target += part;
    address += part;
    length -= part;
  }
  return true;
}

/** Copies to the process; false when some of it is not writable. */
export function copyOut(process: Process, address: u64, source: usize, length: u64): bool {
  while (length != 0) {
    const physical = userToPhysical(process, address, PTE_WRITE);
    if (physical == 0) return false;
    const rest = pageRest(address);
    const part = rest < length ? rest : length;
    copyBytes(physical, source, part);
    source += part;
    address += part;
    length -= part;
  }
  return true;
}

/** Copies a NUL-terminated string of at most `capacity` bytes; its length, or -1 bad address, -2 too long. */
export function copyStringIn(process: Process, target: usize, address: u64, capacity: u64): i64 {
  for (let i: u64 = 0; i < capacity; i++) {
    const physical = userToPhysical(process, address + i, PTE_READ);
    if (physical == 0) return -1;
    const byte = load<u8>(physical);
    store<u8>(target + i, byte);
    if (byte == 0) return <i64>i;
  }
  return -2;
}

const word: usize = memory.data(8, 8);

/** Stores a 32-bit word to the process. */
export function putWord(process: Process, address: u64, value: u32): bool {
  store<u32>(word, value);
  return copyOut(process, address, word, 4);
}

/** Stores a 64-bit word to the process. */
export function putDoubleword(process: Process, address: u64, value: u64): bool {
  store<u64>(word, value);
  return copyOut(process, address, word, 8);
}
