import {
  SBI_DBCN_READ,
  SBI_DBCN_WRITE,
  SBI_DBCN_WRITE_BYTE,
  SBI_ERR_INVALID_PARAM,
  SBI_ERR_NOT_SUPPORTED,
  SBI_SUCCESS,
} from '../../shared/sbi.ts';
import { readConsole, writeConsole } from '../console.ts';
import { Hart } from '../hart.ts';
import { FIRMWARE_BASE, FIRMWARE_SIZE } from '../pmc/pmp.ts';

/** Whether supervisor software may have the firmware touch this memory for it: RAM that is not the firmware's. */
function isCallersMemory(base: u64, length: u64, high: u64): bool {
  if (high != 0 || base + length < base) return false;
  return base >= FIRMWARE_BASE + FIRMWARE_SIZE;
}

function write(hart: Hart): i64 {
  const base = hart.a1;
  const length = hart.a0;
  if (!isCallersMemory(base, length, hart.a2)) return SBI_ERR_INVALID_PARAM;
  for (let i: u64 = 0; i < length; i++) writeConsole(load<u8>(base + i));
  hart.value = length;
  return SBI_SUCCESS;
}

function read(hart: Hart): i64 {
  const base = hart.a1;
  const length = hart.a0;
  if (!isCallersMemory(base, length, hart.a2)) return SBI_ERR_INVALID_PARAM;
  let count: u64 = 0;
  while (count < length) {
    const byte = readConsole();
    if (byte < 0) break;
    store<u8>(base + count, <u32>byte);
    count++;
  }
  hart.value = count;
  return SBI_SUCCESS;
}

/** Debug console extension. `sbi 12` */
export function callDebugConsole(hart: Hart): i64 {
  const call = hart.a6;
  if (call == SBI_DBCN_WRITE) return write(hart);
  if (call == SBI_DBCN_READ) return read(hart);
  if (call != SBI_DBCN_WRITE_BYTE) return SBI_ERR_NOT_SUPPORTED;
  writeConsole((<u32>hart.a0) & 0xff);
  return SBI_SUCCESS;
}
