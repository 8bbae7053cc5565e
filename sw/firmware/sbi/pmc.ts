import { hfence_gvma_all, sfence_vma_all } from '../../shared/rv.ts';
import {
  SBI_ERR_ALREADY_AVAILABLE,
  SBI_ERR_FAILED,
  SBI_ERR_INVALID_ADDRESS,
  SBI_ERR_INVALID_PARAM,
  SBI_ERR_NOT_SUPPORTED,
  SBI_PMC_EXECUTE,
  SBI_PMC_GRANT,
  SBI_PMC_LIMITS,
  SBI_PMC_READ,
  SBI_PMC_REVOKE,
  SBI_PMC_SWITCH,
  SBI_PMC_WRITE,
  SBI_SUCCESS,
} from '../../shared/sbi.ts';
import { acquire, release } from '../../shared/spin-lock.ts';
import { Hart } from '../hart.ts';
import { areGrantsGlobal } from '../platform.ts';
import {
  dropGrants,
  fillGrant,
  freeGrant,
  GRANT_CAPACITY,
  grantAt,
  overlapsGrant,
} from '../pmc/grants.ts';
import {
  entriesFor,
  FIRMWARE_BASE,
  FIRMWARE_SIZE,
  granularityShift,
  isInForce,
  programPmp,
  virtualEntryLimit,
} from '../pmc/pmp.ts';
import { FENCE_PMC, remoteFence } from '../remote-fence.ts';

/** Largest h_vmid. */
const VM_LIMIT: u64 = 0x3fff;
/** Smallest unit of a grant: what stage 2 can map. */
const PAGE_SHIFT: u64 = 12;

const lock: usize = memory.data(8, 8);

function unitShift(): u64 {
  return granularityShift > PAGE_SHIFT ? granularityShift : PAGE_SHIFT;
}

function arePermissionsLegal(permissions: u64): bool {
  if ((permissions & ~(SBI_PMC_READ | SBI_PMC_WRITE | SBI_PMC_EXECUTE)) != 0) return false;
  // W without R is reserved in pmpcfg
  return permissions != 0 && (permissions & (SBI_PMC_READ | SBI_PMC_WRITE)) != SBI_PMC_WRITE;
}

function usedEntries(vm: u64): u64 {
  let used: u64 = 0;
  for (let i: u64 = 0; i < GRANT_CAPACITY; i++) {
    const grant = grantAt(i);
    if (isInForce(grant, vm)) used += entriesFor(grant.base, grant.size);
  }
  return used;
}

function record(vm: u64, base: u64, size: u64, permissions: u64): i64 {
  if (overlapsGrant(base, size)) return SBI_ERR_ALREADY_AVAILABLE;
  if (usedEntries(vm) + entriesFor(base, size) > virtualEntryLimit()) return SBI_ERR_FAILED;
  const row = freeGrant();
  if (row === null) return SBI_ERR_FAILED;
  fillGrant(row, vm, base, size, permissions);
  return SBI_SUCCESS;
}

function grant(hart: Hart, vm: u64, base: u64, size: u64, permissions: u64): i64 {
  const unit: u64 = ((<u64>1) << unitShift()) - 1;
  if (vm == 0 || vm > VM_LIMIT || size == 0 || ((base | size) & unit) != 0)
    return SBI_ERR_INVALID_PARAM;
  if (!arePermissionsLegal(permissions)) return SBI_ERR_INVALID_PARAM;
  if (base + size < base || (base < FIRMWARE_BASE + FIRMWARE_SIZE && FIRMWARE_BASE < base + size)) {
    return SBI_ERR_INVALID_ADDRESS;
  }
  acquire(lock);
  const result = record(vm, base, size, permissions);
  release(lock);
  if (result == SBI_SUCCESS) remoteFence(hart, ~(<u64>0), FENCE_PMC, 0, 0, vm);
  return result;
}

function revoke(hart: Hart, vm: u64, base: u64, size: u64): i64 {
  if (vm == 0 || vm > VM_LIMIT) return SBI_ERR_INVALID_PARAM;
  acquire(lock);
  const count = dropGrants(vm, base, size);
  release(lock);
  if (count == 0 && (base | size) != 0) return SBI_ERR_INVALID_PARAM;
  remoteFence(hart, ~(<u64>0), FENCE_PMC, 0, 0, vm);
  return SBI_SUCCESS;
}

function switchTo(hart: Hart, vm: u64): i64 {
  if (vm > VM_LIMIT) return SBI_ERR_INVALID_PARAM;
  if (vm == hart.vm) return SBI_SUCCESS;
  hart.vm = vm;
  // every hart holds all ranges already
  if (areGrantsGlobal) return SBI_SUCCESS;
  acquire(lock);
  programPmp(hart);
  release(lock);
  sfence_vma_all();
  hfence_gvma_all();
  return SBI_SUCCESS;
}

/** The PMC extension: see sw/shared/sbi.ts for the contract of each function. */
export function callPmc(hart: Hart): i64 {
  const limit = virtualEntryLimit();
  if (limit == 0) return SBI_ERR_NOT_SUPPORTED;
  const call = hart.a6;
  if (call == SBI_PMC_GRANT) return grant(hart, hart.a0, hart.a1, hart.a2, hart.a3);
  if (call == SBI_PMC_REVOKE) return revoke(hart, hart.a0, hart.a1, hart.a2);
  if (call == SBI_PMC_SWITCH) return switchTo(hart, hart.a0);
  if (call != SBI_PMC_LIMITS) return SBI_ERR_NOT_SUPPORTED;
  hart.value = limit | (unitShift() << 16);
  return SBI_SUCCESS;
}
