// Read by the program's sources, and by those who measure it: plain numbers only.

/** Where the nodes are, behind everything else in the mapped memory. */
export const CHAIN_BASE = 0x8100_0000;

/** A line of a cache each, 16 MiB together. */
export const NODE_BYTES = 64;
export const NODE_COUNT = 0x4_0000;

/** Loads of an iteration; the loop that makes them has LOADS_A_TURN in its body. */
export const LOADS = 0x8000;
export const LOADS_A_TURN = 16;
