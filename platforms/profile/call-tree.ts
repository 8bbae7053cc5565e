import type { CodeFunction } from './code-function.ts';

/** Cycles by leaf of the hart's cycle tree, and how often each was booked. */
export interface Booked {
  readonly leaf: number;
  readonly cycles: number;
  readonly times: number;
}

/** Calls deeper than this are booked on the last one that is kept apart. */
const DEEPEST = 512;

/** A function as it is called by others, the outermost first: what it spent itself, and whom it calls. */
export class CallNode {
  readonly code: CodeFunction;
  /** How often it was entered. */
  entries = 0;
  readonly #children = new Map<CodeFunction, CallNode>();
  readonly #depth: number;
  readonly #cycles: number[] = [];
  readonly #times: number[] = [];

  constructor(code: CodeFunction, depth = 0) {
    this.code = code;
    this.#depth = depth;
  }

  /** The functions that it calls. */
  get children(): Iterable<CallNode> {
    return this.#children.values();
  }

  /** What it spent itself. */
  get booked(): readonly Booked[] {
    return this.#cycles.flatMap((cycles, leaf) => {
      return [{ leaf, cycles, times: this.#times[leaf] ?? 0 }];
    });
  }

  /** The node of a function that it calls. */
  child(code: CodeFunction): CallNode {
    const known = this.#children.get(code);
    if (known !== undefined) return known;
    if (this.#depth >= DEEPEST) return this;
    const child = new CallNode(code, this.#depth + 1);
    this.#children.set(code, child);
    return child;
  }

  /** Books cycles on a leaf. */
  book(leaf: number, cycles: number): void {
    this.#cycles[leaf] = (this.#cycles[leaf] ?? 0) + cycles;
    this.#times[leaf] = (this.#times[leaf] ?? 0) + 1;
  }
}
