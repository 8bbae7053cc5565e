// Read by the guests' sources and by the description of their images alike: plain numbers only.

/** Harts that a guest program can use. */
export const MAXIMUM_HARTS = 8;

/** Bytes of the area `hart_stacks` for each hart: its main stack at the top, a trap stack below. */
export const HART_STACK_BYTES = 16384;
