import * as csr from 'rv/csr';
import { csrr, csrw } from '../../shared/rv.ts';
import { Hart } from '../hart.ts';
import { areGrantsGlobal } from '../platform.ts';
import { Grant, GRANT_CAPACITY, grantAt } from './grants.ts';
import {
  clearPmpConfiguration,
  readPmpAddress,
  writePmpAddress,
  writePmpConfiguration,
} from './pmp-registers.ts';

/** Fields of a pmpcfg byte; V is DV-Ext's. `priv 3.7.1` `duvisor 4.1` */
const READ_WRITE_EXECUTE: u64 = 7;
const TOP_OF_RANGE: u64 = 1 << 3;
const NAPOT: u64 = 3 << 3;
const VIRTUAL: u64 = 1 << 5;

/** pmpaddr of the whole physical space under NAPOT. `priv 3.7.1` */
const EVERYTHING: u64 = 0x3f_ffff_ffff_ffff;
const ENTRY_LIMIT: u64 = 16;

/** The firmware's own memory: no access for anybody below M. */
export const FIRMWARE_BASE: u64 = 0x8000_0000;
export const FIRMWARE_SIZE: u64 = 0x20_0000;

/** Entries that exist on a hart, 16 of them are used at most. */
let entryCount: u64 = 0;
/** log2 of the smallest range in bytes. */
export let granularityShift: u64 = 2;
/** Whether entries have the V bit. */
let hasVirtualBit: bool = false;

/** Finds out what the PMP of the harts can do, before anything relies on it. */
export function probePmp(): void {
  clearPmpConfiguration();
  while (entryCount < ENTRY_LIMIT) {
    writePmpAddress(entryCount, EVERYTHING);
    if (readPmpAddress(entryCount) == 0) break;
    entryCount++;
  }
  if (entryCount == 0) return;
  granularityShift = 2 + ctz(readPmpAddress(0));
  csrw(csr.pmpcfg0, VIRTUAL);
  hasVirtualBit = (csrr(csr.pmpcfg0) & VIRTUAL) != 0;
  csrw(csr.pmpcfg0, 0);
}

/** Entries that the V ranges of one VM, or of all when grants are global, may use: all but the firmware's and the host's. */
export function virtualEntryLimit(): u64 {
  return hasVirtualBit && entryCount > 2 ? entryCount - 2 : 0;
}

function isNapot(base: u64, size: u64): bool {
  return (size & (size - 1)) == 0 && (base & (size - 1)) == 0;
}

/** Entries that a range needs: a naturally aligned power of two takes one, any other two (bottom and top). `priv 3.7.1` */
export function entriesFor(base: u64, size: u64): u64 {
  return isNapot(base, size) ? 1 : 2;
}

/** Whether a granted range is in force on harts whose VM is `vm`, 0 = none. */
export function isInForce(grant: Grant, vm: u64): bool {
  return grant.vm != 0 && (areGrantsGlobal || grant.vm == vm);
}

/**
 * Programs this hart: entry 0 keeps everybody out of the firmware, then come the V ranges in force for the hart's VM, the last entry
 * lets V=0 accesses reach everything else. The caller fences. `duvisor 4.2`
 */
export function programPmp(hart: Hart): void {
  if (entryCount == 0) return;
  let low: u64 = 0;
  let high: u64 = 0;
  let next: u64 = 1;
  clearPmpConfiguration();
  writePmpAddress(0, (FIRMWARE_BASE >> 2) | ((FIRMWARE_SIZE >> 3) - 1));
  low = NAPOT;
  const last = entryCount - 1;
  const isAnyInForce = areGrantsGlobal || hart.vm != 0;
  for (let i: u64 = 0; isAnyInForce && i < GRANT_CAPACITY; i++) {
    const grant: Grant = grantAt(i);
    if (!isInForce(grant, hart.vm)) continue;
    // the table may change meanwhile; whoever changes it has this hart programmed again
    if (next + entriesFor(grant.base, grant.size) > last) break;
    let mode = NAPOT;
    if (isNapot(grant.base, grant.size)) {
      writePmpAddress(next, (grant.base >> 2) | ((grant.size >> 3) - 1));
    } else {
      writePmpAddress(next++, grant.base >> 2);
      writePmpAddress(next, (grant.base + grant.size) >> 2);
      mode = TOP_OF_RANGE;
    }
    const byte = VIRTUAL | mode | grant.permissions;
    if (next < 8) low |= byte << (next << 3);
    else high |= byte << ((next - 8) << 3);
    next++;
  }
  writePmpAddress(last, EVERYTHING);
  if (last < 8) low |= (NAPOT | READ_WRITE_EXECUTE) << (last << 3);
  else high |= (NAPOT | READ_WRITE_EXECUTE) << ((last - 8) << 3);
  writePmpConfiguration(low, high);
}
