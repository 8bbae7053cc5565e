import {
  EBUSY,
  EDQUOT,
  EINVAL,
  ENODEV,
  ENOMEM,
  ENOSPC,
  PROT_READ,
  PROT_WRITE,
} from '../shared/syscalls.ts';
import { SBI_PMC_EXECUTE, SBI_PMC_READ, SBI_PMC_WRITE, SBI_SUCCESS } from '../shared/sbi.ts';
import { fenceRange } from '../host/memory/address-space.ts';
import { addArea, AREA_FREE, AREA_GRANT, areaOf, permissionsOf } from '../host/memory/area.ts';
import {
  freeBlock,
  LARGE_PAGE_BYTES,
  PAGE_BYTES,
  takeBlock,
  totalFrameCount,
} from '../host/memory/frames.ts';
import { mapRange, unmapPage } from '../host/memory/page-table.ts';
import { reserveAddresses } from '../host/memory/user-addresses.ts';
import { Process } from '../host/process/process.ts';
import { pmcGrant, pmcRevoke } from '../host/sbi-client.ts';
import { DV_GRANT_COUNT, DV_GRANT_QUOTA_PERCENT } from './abi.ts';
import { Grant, grantOf, Vm } from './vm.ts';

/** A stage-2 root is four pages, aligned to them. `priv 18.5.1` */
export const ROOT_BYTES: usize = 4 * PAGE_BYTES;

function isWithinQuota(vm: Vm, bytes: usize): bool {
  let sum = bytes;
  for (let i: u64 = 0; i < DV_GRANT_COUNT; i++) sum += grantOf(vm, i).bytes;
  return sum <= (totalFrameCount * PAGE_BYTES * <usize>DV_GRANT_QUOTA_PERCENT) / 100;
}

function freeRow(vm: Vm): Grant | null {
  for (let i: u64 = 0; i < DV_GRANT_COUNT; i++) {
    const grant = grantOf(vm, i);
    if (grant.bytes == 0) return grant;
  }
  return null;
}

function leastAlignment(bytes: usize): usize {
  if (bytes >= LARGE_PAGE_BYTES) return LARGE_PAGE_BYTES;
  return bytes >= ROOT_BYTES ? ROOT_BYTES : PAGE_BYTES;
}

/** A power of two is aligned to its size if memory allows, for then one PMC entry describes it. */
function takeGrantBlock(bytes: usize): usize {
  const least = leastAlignment(bytes);
  if ((bytes & (bytes - 1)) == 0 && bytes > least) {
    const block = takeBlock(bytes, bytes);
    if (block != 0) return block;
  }
  return takeBlock(bytes, least);
}

function unmapBlock(process: Process, address: u64, bytes: usize): void {
  const end = address + bytes;
  while (address < end) {
    const isLarge = (address & (LARGE_PAGE_BYTES - 1)) == 0 && end - address >= LARGE_PAGE_BYTES;
    unmapPage(process.root, address);
    address += isLarge ? LARGE_PAGE_BYTES : PAGE_BYTES;
  }
}

/** Maps a block into the process; its address, or 0. */
function mapBlock(process: Process, physical: usize, bytes: usize): u64 {
  const address = reserveAddresses(process, bytes, leastAlignment(bytes));
  if (address == 0) return 0;
  const permissions = permissionsOf(PROT_READ | PROT_WRITE);
  const area = addArea(process, AREA_GRANT, address, address + bytes, permissions);
  if (area === null) return 0;
  if (mapRange(process.root, address, physical, bytes, permissions)) return address;
  unmapBlock(process, address, bytes);
  area.kind = AREA_FREE;
  return 0;
}

/** Unmaps and frees what a grant row holds; the VM must be unable to reach it already. */
export function freeGrantMemory(process: Process, grant: Grant): void {
  if (grant.bytes == 0) return;
  const area = areaOf(process, grant.address);
  if (area !== null) area.kind = AREA_FREE;
  unmapBlock(process, grant.address, grant.bytes);
  fenceRange(grant.address, grant.bytes);
  freeBlock(grant.physical, grant.bytes);
  grant.bytes = 0;
}

/** mmap on the driver: a contiguous block for the VM of this process, whole pages; its address or a negative error number. */
export function grantMemory(process: Process, bytes: u64): i64 {
  const vm = process.vm;
  if (vm === null) return -ENODEV;
  const grant = freeRow(vm);
  if (grant === null) return -ENOSPC;
  if (!isWithinQuota(vm, bytes)) return -EDQUOT;
  const block = takeGrantBlock(bytes);
  if (block == 0) return -ENOMEM;
  const address = mapBlock(process, block, bytes);
  if (address == 0) {
    freeBlock(block, bytes);
    return -ENOMEM;
  }
  grant.bytes = bytes;
  grant.physical = block;
  grant.address = address;
  const rights = SBI_PMC_READ | SBI_PMC_WRITE | SBI_PMC_EXECUTE;
  if (pmcGrant(vm.id, block, bytes, rights) == SBI_SUCCESS) return <i64>address;
  freeGrantMemory(process, grant);
  return -ENOSPC;
}

/** The grant that holds a range of physical memory whole, or null. */
export function grantOfPhysical(vm: Vm, physical: usize, bytes: usize): Grant | null {
  for (let i: u64 = 0; i < DV_GRANT_COUNT; i++) {
    const grant = grantOf(vm, i);
    const offset = physical - grant.physical;
    if (grant.bytes >= bytes && offset <= grant.bytes - bytes) return grant;
  }
  return null;
}

/** Physical address behind an address of a grant, or 0. */
export function physicalOf(vm: Vm, address: u64): usize {
  for (let i: u64 = 0; i < DV_GRANT_COUNT; i++) {
    const grant = grantOf(vm, i);
    const offset = address - grant.address;
    if (offset < grant.bytes) return grant.physical + offset;
  }
  return 0;
}

/** Takes back the grant that starts at `address`. `rootPhysical`: the stage-2 root in use, which must not go. */
export function releaseGrant(process: Process, vm: Vm, address: u64, rootPhysical: usize): i64 {
  for (let i: u64 = 0; i < DV_GRANT_COUNT; i++) {
    const grant = grantOf(vm, i);
    if (grant.bytes == 0 || grant.address != address) continue;
    if (rootPhysical != 0 && rootPhysical - grant.physical < grant.bytes) return -EBUSY;
    pmcRevoke(vm.id, grant.physical, grant.bytes);
    freeGrantMemory(process, grant);
    return 0;
  }
  return -EINVAL;
}
