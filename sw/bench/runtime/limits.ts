// Read by the programs' sources and by those who build and run them: plain numbers only.

/** Where a program begins, in M mode. */
export const PROGRAM_BASE = 0x8000_0000;

/** Bytes from there that the programs' address spaces map, in pages of 4 KiB. */
export const MAPPED_BYTES = 0x200_0000;

/** Bytes of the tables below a root that map so much: one, and one for each 2 MiB. */
export const TABLE_BYTES = 0x1_1000;

/** Where user mode sees the same memory, in programs that have user mode. */
export const USER_ALIAS = 0x4000_0000;

/** The most harts that take part. */
export const HART_CAPACITY = 4;

/** Bytes of stack of each hart, and of its private memory. */
export const STACK_BYTES = 0x4000;
export const PRIVATE_BYTES = 0x4_0000;
