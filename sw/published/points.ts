import { hufence_gvma } from '../shared/rv.ts';

/**
 * Where the published DuVisor does something on the way of an exit that ours does without. This is the module of the product: next to nothing
 * happens. The image in this folder has `steps.ts` in its place.
 */

/** The guest is about to be entered again. */
export function beforeEntry(_isTimerRaised: bool): void {}

/** A guest page fault is about to be looked at. */
export function beginFault(): void {}

/** It was dealt with, whether a page was mapped or a device was emulated. */
export function endFault(): void {}

/** Whether the page of a guest-physical address was mapped meanwhile. */
export function isMappedAlready(_address: u64): bool {
  return false;
}

/** A page was mapped whose number is that of `hutval`; a hart may have cached that it was missing (priv 18.5.3). */
export function afterMapping(page: u64): void {
  hufence_gvma(page);
}
