/**
 * Memory behind the last cache, as its controller sees it: whole lines, times in cycles. A request may be made for a time
 * before that of the request before it, if it comes from another hart.
 */
export interface MainMemory {
  /** A read that is accepted at a time: when its first beat is on the bus. */
  read(line: number, time: number): number;
  /** A write whose last beat is accepted at a time: when it is acknowledged. */
  write(line: number, time: number): number;
  /** Forgets open rows and what is under way. */
  reset(): void;
}
