import { PTE_EXECUTE, PTE_READ, PTE_USER, PTE_WRITE } from './page-table.ts';
import { PROT_EXEC, PROT_READ, PROT_WRITE } from '../../shared/syscalls.ts';
import { AREA_CAPACITY, areaAt, Process } from '../process/process.ts';

/** Kinds of area: the row is free; private memory whose pages appear on first touch; a contiguous grant of the DV-driver; a page that process and in-kernel hypervisor share. */
export const AREA_FREE: u64 = 0;
export const AREA_PRIVATE: u64 = 1;
export const AREA_GRANT: u64 = 2;
export const AREA_RUN_PAGE: u64 = 3;

/** A range of user addresses with one kind of memory behind it. */
@unmanaged
export class Area {
  /** AREA_*. */
  kind: u64;
  start: u64;
  end: u64;
  /** Page-table permission bits. */
  permissions: u64;
}

/** Page-table permissions for mmap protection bits. */
export function permissionsOf(protection: u64): u64 {
  let permissions = PTE_USER;
  if ((protection & PROT_READ) != 0) permissions |= PTE_READ;
  // W without R is reserved in page tables
  if ((protection & PROT_WRITE) != 0) permissions |= PTE_READ | PTE_WRITE;
  if ((protection & PROT_EXEC) != 0) permissions |= PTE_EXECUTE;
  return permissions;
}

/** The area that holds an address, or null. */
export function areaOf(process: Process, address: u64): Area | null {
  for (let i: u64 = 0; i < AREA_CAPACITY; i++) {
    const area = areaAt(process, i);
    if (area.kind != AREA_FREE && area.start <= address && address < area.end) return area;
  }
  return null;
}

/** Adds an area; null when the table is full. */
export function addArea(
  process: Process,
  kind: u64,
  start: u64,
  end: u64,
  permissions: u64,
): Area | null {
  for (let i: u64 = 0; i < AREA_CAPACITY; i++) {
    const area = areaAt(process, i);
    if (area.kind != AREA_FREE) continue;
    area.kind = kind;
    area.start = start;
    area.end = end;
    area.permissions = permissions;
    return area;
  }
  return null;
}
