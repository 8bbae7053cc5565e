/**
 * Distances in Rocket's pipeline of five stages, between the cycles in which one instruction is where the name says. An
 * access to the data cache is decided when its instruction would commit (`RocketCore.scala`, `DCache.scala`, `Frontend.scala`).
 */

/** From the request of a fetch to the answer of the cache, which is also decoded then if nothing waits before it. */
export const FETCH = 2;

/** From decoding to commit. */
export const DECODE_TO_COMMIT = 3;

/** From the commit slot of an instruction that has to begin anew to its next. */
export const REPLAY = FETCH + DECODE_TO_COMMIT;

/** From decoding to the request to the data cache. */
export const DECODE_TO_ACCESS = 1;

/** From the request to the data cache to its decision. */
export const ACCESS = 2;

/** A fetch that missed is tried again this often. */
export const FETCH_RETRY = 2;
