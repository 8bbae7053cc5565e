import {
  SBI_ERR_INVALID_ADDRESS,
  SBI_ERR_INVALID_PARAM,
  SBI_ERR_NOT_SUPPORTED,
  SBI_RFENCE_FENCE_I,
  SBI_RFENCE_HFENCE_GVMA,
  SBI_RFENCE_HFENCE_GVMA_VMID,
  SBI_RFENCE_HFENCE_VVMA,
  SBI_RFENCE_HFENCE_VVMA_ASID,
  SBI_RFENCE_SFENCE_VMA,
  SBI_RFENCE_SFENCE_VMA_ASID,
  SBI_SUCCESS,
} from '../../shared/sbi.ts';
import { hasHypervisor } from '../features.ts';
import { Hart } from '../hart.ts';
import {
  FENCE_ADDRESSES,
  FENCE_ADDRESSES_OF_ASID,
  FENCE_GUEST_PHYSICAL,
  FENCE_GUEST_PHYSICAL_OF_VM,
  FENCE_GUEST_VIRTUAL,
  FENCE_GUEST_VIRTUAL_OF_ASID,
  FENCE_INSTRUCTIONS,
  remoteFence,
} from '../remote-fence.ts';
import { selectHarts } from './hart-mask.ts';

/** Stands for "no such function" among the FENCE_* kinds. */
const NO_FENCE: u64 = ~(<u64>0);

function fenceKind(call: u64): u64 {
  if (call == SBI_RFENCE_FENCE_I) return FENCE_INSTRUCTIONS;
  if (call == SBI_RFENCE_SFENCE_VMA) return FENCE_ADDRESSES;
  if (call == SBI_RFENCE_SFENCE_VMA_ASID) return FENCE_ADDRESSES_OF_ASID;
  if (!hasHypervisor) return NO_FENCE;
  if (call == SBI_RFENCE_HFENCE_GVMA) return FENCE_GUEST_PHYSICAL;
  if (call == SBI_RFENCE_HFENCE_GVMA_VMID) return FENCE_GUEST_PHYSICAL_OF_VM;
  if (call == SBI_RFENCE_HFENCE_VVMA) return FENCE_GUEST_VIRTUAL;
  if (call == SBI_RFENCE_HFENCE_VVMA_ASID) return FENCE_GUEST_VIRTUAL_OF_ASID;
  return NO_FENCE;
}

/** Remote fence extension: every call returns after all named harts have fenced. `sbi 8` */
export function callFence(hart: Hart): i64 {
  const kind = fenceKind(hart.a6);
  if (kind == NO_FENCE) return SBI_ERR_NOT_SUPPORTED;
  const harts = selectHarts(hart.a0, hart.a1);
  if (harts == 0) return hart.a0 == 0 ? SBI_SUCCESS : SBI_ERR_INVALID_PARAM;
  let start = hart.a2;
  let size = hart.a3;
  // both 0, or size -1: the whole space
  if (size == ~(<u64>0)) {
    start = 0;
    size = 0;
  } else if (start + size < start) {
    return SBI_ERR_INVALID_ADDRESS;
  }
  remoteFence(hart, harts, kind, start, size, hart.a4);
  return SBI_SUCCESS;
}
