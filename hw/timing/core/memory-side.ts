/** An access by its place. */
export interface DataAddress {
  readonly virtual: number;
  /** The page of 4 KiB; virtual too. */
  readonly page: number;
  readonly physical: number;
  /** It is made in the name of a guest (HLV, HSV), whose tables say where it goes. */
  readonly isForGuest: boolean;
  /** It is a CBO that leaves the line where it is. */
  readonly keepsLine: boolean;
  /** It traps, and looks for its page before. */
  readonly traps: boolean;
  /** What kind of memory is there. */
  readonly latencyClass: string | undefined;
}

/** Caches and TLBs as the stages of a core see them; the answers are those of `Surroundings`. */
export interface MemorySide {
  /** Nothing under way. */
  reset(): void;
  /** Whether no line is on its way to the instruction cache in a cycle. */
  isStill(cycle: number): boolean;
  /** Whether accesses are translated at all. */
  readonly translatesData: boolean;
  fetch(pc: number, isCertain: boolean, cycle: number): number;
  /** The first cycle in which a fetch that waited for its word two cycles before one may be answered anything else. */
  waitsUntil(cycle: number): number;
  translate(address: DataAddress, cycle: number): number;
  /** An access by an instruction with a control word (`controlOf`). */
  access(address: DataAddress, control: number, cycle: number): number;
  emptyInstructionCache(): void;
}
