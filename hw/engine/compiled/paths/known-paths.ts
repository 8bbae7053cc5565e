import type { Code } from '../../../wasm/index.ts';

/** An end of a path of a core in stages: the next commit. */
export interface PathEnd {
  /** A number of its own. */
  readonly commit: number;
  /** What the stages hold then, by number. */
  readonly node: number;
  readonly cycles: number;
  /** What they are booked on, one cycle of issue apart: mechanisms and their cycles. */
  readonly charges: readonly (readonly [number, number])[];
  /** How often it has been come to outside of translated functions. */
  readonly count: number;
  /** Whether a translated function can follow the path to here by itself. */
  readonly isDirect: boolean;
}

/**
 * What an instruction may do that commits: where it goes, and what its time depends on besides. There are several of the same action
 * if different answers can be taken for granted on its path.
 */
export interface PathOutcome {
  readonly action: number;
  readonly next: bigint;
  readonly isTaken: boolean;
  readonly operands: number;
  readonly hasAccess: boolean;
  readonly ends: readonly PathEnd[];
}

/** The instruction that commits next where the stages hold something, as far as it is known. */
export interface PathStep {
  readonly pc: bigint;
  readonly outcomes: readonly PathOutcome[];
}

/** Locals of a function that follows paths. */
export interface PathSite {
  readonly code: Code;
  /** i32: where the instruction made its access; i64: its address. */
  readonly host: number;
  readonly address: number;
}

/** What becomes of a path in it: `leaveBehind` appends code that lets the core follow the path on behind an action, `arrive` what comes at an end. */
export interface PathWays {
  readonly leaveBehind: (action: number) => void;
  readonly arrive: (end: PathEnd) => void;
}

/** Asks the questions of known paths in a function under construction. */
export interface PathQuestions {
  /** Appends code from an outcome to the ends that are wanted; any other answer leaves the function. */
  follow(outcome: PathOutcome, wanted: readonly PathEnd[], ways: PathWays): void;
}

/** Addresses in the machine's memory that functions use which follow paths. */
interface PathPlaces {
  /** What the stages hold, by number, whether they hold it themselves, and whether paths can be followed from there. */
  readonly node: number;
  readonly isInStages: number;
  readonly isLive: number;
  /** The state of the caches of instructions. */
  readonly fetchState: number;
  /** The cycle of the last commit (f64). */
  readonly cycle: number;
  /** The nodes. */
  readonly nodes: number;
  /** Bytes of a node, as a power of two; where in it is which function begins there, plus 1, and at which of its entries. */
  readonly nodeShift: number;
  readonly codeOffset: number;
  readonly entryOffset: number;
}

/** The paths of a core in stages as functions that are translated from them need them. */
export interface KnownPaths {
  /** Told that all nodes and paths have been forgotten. */
  onClear: (() => void) | undefined;
  readonly places: PathPlaces;
  /** What the stages hold now, by number. */
  readonly node: number;
  stepAt(node: number): PathStep | undefined;
  /** Lets a function begin at a node, by its number plus 1, or none if that is 0. */
  setCode(node: number, code: number, entry: number): void;
  hasCode(node: number): boolean;
  /** Whether there is room for so many more checks. */
  hasRoom(checks: number): boolean;
  /** Notes what the paths to such ends take for granted, and where the fetch state (i32) is kept as of which it held; `undefined` if that is nothing. */
  addCheck(
    ends: readonly PathEnd[],
  ): { readonly number: number; readonly state: number } | undefined;
  removeCheck(number: number): void;
  /** Whether what a check takes for granted is so now; nothing changes by that. */
  holds(check: number): boolean;
  within(site: PathSite): PathQuestions;
}
