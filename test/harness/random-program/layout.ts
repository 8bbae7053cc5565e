import { RAM_BASE } from '../../hw/hart/machine.ts';

const PAGE = 0x1000;

/** Handlers, one page for each of M, HS and VS. */
export const HANDLERS = { M: RAM_BASE, HS: RAM_BASE + PAGE, VS: RAM_BASE + 2 * PAGE } as const;

/** The program crosses from the first of its pages to the second. */
export const CODE_PAGE = RAM_BASE + 0x1_0000;
export const CODE_PAGE_COUNT = 6;

/** Four pages of data. Accesses to the third may be restricted. */
export const DATA = RAM_BASE + 0x2_0000;
export const DATA_PAGE_COUNT = 4;
export const RESTRICTED = DATA + 2 * PAGE;

/** Where the program can reach the entries that map all this, when translation is on. */
export const TABLE_WINDOW = RAM_BASE + 0x3_0000;

/** Virtual addresses of the first data page, a MiB apart: pages that meet in one set of the TLB. */
export const ALIASES = 0x4000_0000;
export const ALIAS_COUNT = 8;
export const ALIAS_DISTANCE = 0x10_0000;

/** A device register that ignores what is stored. */
export const DEVICE = 0x10_0008;

/** Tables of stage 1 and stage 2. */
export const STAGE1_TABLES = RAM_BASE + 0x10_0000;
export const STAGE2_TABLES = RAM_BASE + 0x14_0000;

/** Registers that hold addresses when a program begins. */
export const pointers: Readonly<Record<string, number>> = {
  sp: DATA + 0x400,
  s0: DATA + 0x800,
  s1: DATA + PAGE - 8,
  s2: RESTRICTED - 8,
  s3: RESTRICTED + 0x100,
  s4: RESTRICTED + PAGE - 4,
  s5: ALIASES + 0x800,
  s6: DEVICE,
  s7: CODE_PAGE + PAGE,
};

/**
 * What registers are for. Computation writes `results` only; `s8` and `s9` count loops, `s10` is scratch, `s11` says where a
 * trapped transfer goes on, `t5` and `t6` belong to the handlers.
 */
export const Register = {
  results: [0, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29],
  shortResults: [10, 11, 12, 13, 14, 15],
  pointers: [2, 8, 9, 18, 19, 20, 21, 22, 23],
  shortPointers: [8, 9],
  sources: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21, 24, 28, 29],
} as const;
