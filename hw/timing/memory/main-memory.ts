/**
 * Memory behind a cache, as the cache sees it: whole lines, times in cycles. A request may be made for a time before that of
 * the request before it, if it comes from another hart.
 */
export interface MainMemory {
  /** Cycles from one beat of a line to the next. */
  readonly beat: number;
  /** A read that is accepted at a time: when its first beat is on the bus. */
  read(line: number, time: number): number;
  /** A write whose last beat is accepted at a time: when it is acknowledged. */
  write(line: number, time: number): number;
}
