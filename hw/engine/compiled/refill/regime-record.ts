/**
 * What generated code must know to walk tables for the data accesses of a context of the filter. Words (i32), but where it says
 * otherwise; offsets in bytes.
 */
export const regimeRecord = {
  bytes: 128,
  /** 0 where nothing else here counts, and somebody else must walk. */
  isArmed: 0,
  /** The label of the regime and that of its global entries (f64), and what each adds to the choice of a set (`tlbMix`). */
  tag: 8,
  globalTag: 16,
  mix: 24,
  globalMix: 28,
  permissionCode: 32,
  /** Generation of memory protection. */
  protection: 36,
  /** What paths are found by: the roots of both stages (-1 for none), and behind them those of stage 2 alone. */
  roots: 40,
  stage2Roots: 48,
  kind: 56,
  stage2Kind: 60,
  hasStage1: 64,
  hasStage2: 68,
  /** Addresses of the tables of needs. */
  stage1Needs: 72,
  stage2Needs: 76,
  /** Needs of pages with and without U in stage 1. */
  userNeeds: 80,
  supervisorNeeds: 84,
  asid: 88,
  vmid: 92,
  /** Of `tlbFlag`, those that do not depend on the walk. */
  flags: 96,
  /** Physical pages that are RAM and protected alike: the first, how many, where they are in the machine's memory, what is granted. */
  firstPage: 100,
  pageCount: 104,
  offset: 108,
  granted: 112,
} as const;
