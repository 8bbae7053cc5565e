import type { ModeLabel } from '../isa/index.ts';
import type { Checkpointed, CycleTree } from '../kernel/index.ts';
import type { TimingMechanism } from '../timing/index.ts';

/** The modes that work for a virtual machine: its exit handler and the guest itself. */
const vmModes = ['HU', 'VU', 'VS'] as const satisfies readonly ModeLabel[];

/** Cycles of one virtual machine, mode × mechanism. */
export type VmTree = Readonly<
  Record<(typeof vmModes)[number], Readonly<Record<TimingMechanism, number>>>
>;

/** The account as a checkpoint keeps it. */
export interface SavedVms {
  readonly vmid: number;
  readonly cycles: readonly { readonly vmid: number; readonly leaves: readonly number[] }[];
}

/** The tree of a hart. */
type HartTree = CycleTree<ModeLabel, TimingMechanism>;

/**
 * Shares the cycles of guest modes and exit handler out among virtual machines. It only looks when a hart changes from one to
 * another, so that it costs nothing where cycles are booked.
 */
export class VmAccount implements Checkpointed<SavedVms> {
  readonly #tree: HartTree;
  /** The leaves of these modes, and what they were when the present virtual machine took over. */
  readonly #places: readonly number[];
  readonly #before: Float64Array;
  readonly #cycles = new Map<number, Float64Array>();
  #vmid = 0;

  constructor(tree: HartTree) {
    this.#tree = tree;
    this.#places = vmModes.flatMap((mode) => {
      return tree.mechanisms.map(({ name }) => tree.leaf(mode, name));
    });
    this.#before = new Float64Array(this.#places.length);
  }

  /** From now on the hart works for the virtual machine of this number. */
  serve(vmid: number): void {
    if (vmid === this.#vmid) return;
    this.#settle();
    this.#vmid = vmid;
  }

  /** The number of the virtual machine that the hart works for. */
  get current(): number {
    return this.#vmid;
  }

  /** The trees of all virtual machines that have spent a cycle here, by ascending number; together all cycles of these modes. */
  trees(): ReadonlyMap<number, VmTree> {
    return new Map(this.#ascending().map(([vmid, cycles]) => [vmid, this.#treeOf(cycles)]));
  }

  save(): SavedVms {
    const cycles = this.#ascending().map(([vmid, leaves]) => ({ vmid, leaves: [...leaves] }));
    return { vmid: this.#vmid, cycles };
  }

  restore({ vmid, cycles }: SavedVms): void {
    this.#vmid = vmid;
    this.#cycles.clear();
    for (const saved of cycles) this.#cycles.set(saved.vmid, Float64Array.from(saved.leaves));
    for (const [place, leaf] of this.#places.entries()) {
      this.#before[place] = this.#tree.leaves[leaf] ?? 0;
    }
  }

  /** Forgets everything. */
  reset(): void {
    this.#cycles.clear();
    this.#before.fill(0);
    this.#vmid = 0;
  }

  #ascending(): readonly [number, Float64Array][] {
    this.#settle();
    return [...this.#cycles].sort(([a], [b]) => a - b);
  }

  #settle(): void {
    const { leaves } = this.#tree;
    const own = this.#cycles.get(this.#vmid) ?? new Float64Array(this.#places.length);
    let isIdle = true;
    for (const [place, leaf] of this.#places.entries()) {
      const cycles = leaves[leaf] ?? 0;
      const passed = cycles - (this.#before[place] ?? 0);
      if (passed === 0) continue;
      isIdle = false;
      own[place] = (own[place] ?? 0) + passed;
      this.#before[place] = cycles;
    }
    if (!isIdle) this.#cycles.set(this.#vmid, own);
  }

  #treeOf(cycles: Float64Array): VmTree {
    const { mechanisms } = this.#tree;
    const rows = vmModes.map((mode, row) => {
      const leaves = mechanisms.map(({ name }, column) => {
        return [name, cycles[row * mechanisms.length + column] ?? 0] as const;
      });
      return [mode, Object.fromEntries(leaves)] as const;
    });
    return Object.fromEntries(rows) as VmTree;
  }
}
