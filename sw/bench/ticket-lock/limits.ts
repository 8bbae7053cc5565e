// Read by the program's sources, and by those who measure it: plain numbers only.

/** Times that a hart takes the lock in an iteration. */
export const ACQUISITIONS = 500;
