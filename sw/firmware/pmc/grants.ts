import { fence, FENCE_RW, FENCE_W } from '../../shared/rv.ts';

/** Grants the table can hold, all VMs together. */
export const GRANT_CAPACITY: u64 = 64;

/** A physical range that a VM may reach. */
@unmanaged
export class Grant {
  /** The VM, 0 = this row is free. */
  vm: u64;
  base: u64;
  size: u64;
  /** SBI_PMC_READ, _WRITE, _EXECUTE. */
  permissions: u64;
}

const table: usize = memory.data(2048, 8);

/** Row `index` of the table. */
export function grantAt(index: u64): Grant {
  return changetype<Grant>(table + index * offsetof<Grant>());
}

/** A free row, or null. */
export function freeGrant(): Grant | null {
  for (let i: u64 = 0; i < GRANT_CAPACITY; i++) {
    const grant = grantAt(i);
    if (grant.vm == 0) return grant;
  }
  return null;
}

/** Whether a range overlaps a live grant of any VM. */
export function overlapsGrant(base: u64, size: u64): bool {
  for (let i: u64 = 0; i < GRANT_CAPACITY; i++) {
    const grant = grantAt(i);
    if (grant.vm != 0 && base < grant.base + grant.size && grant.base < base + size) return true;
  }
  return false;
}

/** Frees the rows of a VM with this range, or all of its rows when base and size are 0; returns how many. */
export function dropGrants(vm: u64, base: u64, size: u64): u64 {
  let count: u64 = 0;
  const all = base == 0 && size == 0;
  for (let i: u64 = 0; i < GRANT_CAPACITY; i++) {
    const grant = grantAt(i);
    if (grant.vm == vm && (all || (grant.base == base && grant.size == size))) {
      grant.vm = 0;
      count++;
    }
  }
  return count;
}

/** Fills a free row; other harts see it whole or not at all. */
export function fillGrant(grant: Grant, vm: u64, base: u64, size: u64, permissions: u64): void {
  grant.base = base;
  grant.size = size;
  grant.permissions = permissions;
  fence(FENCE_RW, FENCE_W);
  grant.vm = vm;
}
