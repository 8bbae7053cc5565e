/** One mechanism that can own a cycle, such as issue, load-use or stage-2 walk. */
export interface Mechanism<Name extends string = string> {
  readonly name: Name;
  readonly description: string;
}

/**
 * Where the cycles of one hart went: every cycle belongs to exactly one leaf, mode × mechanism.
 * The hot path adds to a leaf by its number; exact up to 2^53 cycles.
 */
export class CycleTree<Mode extends string = string, Name extends string = string> {
  readonly modes: readonly Mode[];
  readonly mechanisms: readonly Mechanism<Name>[];
  /** Cycles by leaf number, for engines that count by themselves. */
  readonly leaves: Float64Array;
  readonly #mechanismNumber: ReadonlyMap<string, number>;

  /** Counts in `leaves`, one per mode and mechanism, or in an array of its own. */
  constructor(
    modes: readonly Mode[],
    mechanisms: readonly Mechanism<Name>[],
    leaves = new Float64Array(modes.length * mechanisms.length),
  ) {
    this.modes = modes;
    this.mechanisms = mechanisms;
    this.leaves = leaves;
    this.#mechanismNumber = new Map(mechanisms.map(({ name }, index) => [name, index]));
    if (this.#mechanismNumber.size !== mechanisms.length || new Set(modes).size !== modes.length) {
      throw new Error('cycle tree: a mode or mechanism is listed twice');
    }
  }

  /** The number of a leaf; resolve it once, outside the hot path. Leaves of one mode are adjacent. */
  leaf(mode: Mode, mechanism: Name): number {
    const row = this.modes.indexOf(mode);
    const column = this.#mechanismNumber.get(mechanism);
    if (row < 0 || column === undefined) {
      throw new Error(`cycle tree: no leaf ${mode} × ${mechanism}`);
    }
    return row * this.mechanisms.length + column;
  }

  /** Books `cycles` on a leaf. */
  add(leaf: number, cycles: number): void {
    this.leaves[leaf] = (this.leaves[leaf] ?? 0) + cycles;
  }

  /** Cycles booked on one leaf. */
  at(mode: Mode, mechanism: Name): number {
    return this.leaves[this.leaf(mode, mechanism)] ?? 0;
  }

  /** Sum of all leaves; equals the hart's cycles, on every run. */
  sum(): number {
    return this.leaves.reduce((sum, cycles) => sum + cycles, 0);
  }

  /** Sum of one mode's leaves. */
  sumOf(mode: Mode): number {
    return this.mechanisms.reduce((sum, { name }) => sum + this.at(mode, name), 0);
  }

  /** Back to zero. */
  reset(): void {
    this.leaves.fill(0);
  }

  /** Plain JSON, mode then mechanism in their declared order, every leaf present. */
  snapshot(): Record<Mode, Record<Name, number>> {
    const rows = this.modes.map((mode) => {
      const row = this.mechanisms.map(({ name }) => [name, this.at(mode, name)] as const);
      return [mode, Object.fromEntries(row)] as const;
    });
    return Object.fromEntries(rows) as Record<Mode, Record<Name, number>>;
  }
}
