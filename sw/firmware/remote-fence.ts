import { PAGE } from '../shared/page.ts';
import {
  amoand_d,
  amoswap_w,
  fence_i,
  hfence_gvma,
  hfence_gvma_all,
  hfence_vvma,
  hfence_vvma_all,
  ld,
  lw,
  sd,
  sfence_vma,
  sfence_vma_all,
} from '../shared/rv.ts';
import { release } from '../shared/spin-lock.ts';
import { hasHypervisor } from './features.ts';
import { HART_CAPACITY, Hart, hartBlock } from './hart.ts';
import { isStarted } from './hart-state.ts';
import { answerRequests, request, REQUEST_FENCE } from './mailbox.ts';
import { areGrantsGlobal } from './platform.ts';
import { programPmp } from './pmc/pmp.ts';

/** What a posted fence does on each hart that it names. */
export const FENCE_INSTRUCTIONS: u64 = 0;
export const FENCE_ADDRESSES: u64 = 1;
export const FENCE_ADDRESSES_OF_ASID: u64 = 2;
export const FENCE_GUEST_PHYSICAL: u64 = 3;
export const FENCE_GUEST_PHYSICAL_OF_VM: u64 = 4;
export const FENCE_GUEST_VIRTUAL: u64 = 5;
export const FENCE_GUEST_VIRTUAL_OF_ASID: u64 = 6;
/** Program the PMC ranges of VM `id` again where they are current, and drop decisions made with the old ones. */
export const FENCE_PMC: u64 = 7;

/** Ranges of more pages are fenced as a whole. */
const PAGE_LIMIT: u64 = 16;

/** The one fence in progress, and the harts that still owe it (a word for atomics). */
@unmanaged
class PostedFence {
  lock: u32;
  kind: u64;
  start: u64;
  size: u64;
  id: u64;
  owed: u64;
}

const posted = changetype<PostedFence>(memory.data(offsetof<PostedFence>(), 8));

function owedWord(): usize {
  return changetype<usize>(posted) + offsetof<PostedFence>('owed');
}

function fencePage(kind: u64, address: u64, id: u64): void {
  if (kind == FENCE_ADDRESSES) sfence_vma(address, 0);
  else if (kind == FENCE_ADDRESSES_OF_ASID) sfence_vma(address, id);
  else if (kind == FENCE_GUEST_PHYSICAL) hfence_gvma(address >> 2, 0);
  else if (kind == FENCE_GUEST_PHYSICAL_OF_VM) hfence_gvma(address >> 2, id);
  else if (kind == FENCE_GUEST_VIRTUAL) hfence_vvma(address, 0);
  else hfence_vvma(address, id);
}

function fenceAll(kind: u64, id: u64): void {
  if (kind == FENCE_ADDRESSES) sfence_vma_all();
  else if (kind == FENCE_ADDRESSES_OF_ASID) sfence_vma(0, id);
  else if (kind == FENCE_GUEST_PHYSICAL) hfence_gvma_all();
  else if (kind == FENCE_GUEST_PHYSICAL_OF_VM) hfence_gvma(0, id);
  else if (kind == FENCE_GUEST_VIRTUAL) hfence_vvma_all();
  else hfence_vvma(0, id);
}

function carryOut(hart: Hart): void {
  const kind = posted.kind;
  if (kind == FENCE_INSTRUCTIONS) {
    fence_i();
  } else if (kind == FENCE_PMC) {
    if (areGrantsGlobal || hart.vm == posted.id) programPmp(hart);
    sfence_vma_all();
    if (hasHypervisor) hfence_gvma_all();
  } else {
    const whole = posted.start == 0 && posted.size == 0;
    if (whole || posted.size > PAGE * PAGE_LIMIT) {
      fenceAll(kind, posted.id);
    } else {
      const end = posted.start + posted.size;
      for (let at = posted.start; at < end; at += PAGE) fencePage(kind, at, posted.id);
    }
  }
}

/** Carries out the posted fence on this hart and reports it done. */
export function performFence(hart: Hart): void {
  carryOut(hart);
  amoand_d(owedWord(), ~((<u64>1) << hart.id));
}

/**
 * Makes every started hart of `mask` carry out a fence and returns when all have. A hart that waits here, for its turn or for the
 * others, goes on answering requests, so harts that fence each other do not wait forever. `sbi 8`
 */
export function remoteFence(
  hart: Hart,
  mask: u64,
  kind: u64,
  start: u64,
  size: u64,
  id: u64,
): void {
  const lock = changetype<usize>(posted);
  while (lw(lock, 0) != 0 || amoswap_w(lock, 1) != 0) answerRequests(hart);
  posted.kind = kind;
  posted.start = start;
  posted.size = size;
  posted.id = id;
  const self: u64 = 1 << hart.id;
  let others: u64 = 0;
  for (let other: u64 = 0; other < HART_CAPACITY; other++) {
    const bit: u64 = 1 << other;
    if ((mask & bit) != 0 && bit != self && isStarted(hartBlock(other))) others |= bit;
  }
  sd(owedWord(), others, 0);
  for (let other: u64 = 0; other < HART_CAPACITY; other++) {
    if ((others & ((<u64>1) << other)) != 0) request(other, REQUEST_FENCE);
  }
  if ((mask & self) != 0) carryOut(hart);
  while (ld(owedWord(), 0) != 0) answerRequests(hart);
  release(lock);
}
