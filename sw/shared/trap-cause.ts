/** The highest bit of a register of causes: an interrupt (priv 3.1.15). */
export const INTERRUPT: u64 = 1 << 63;
