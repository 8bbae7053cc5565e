import type { Follower, Hart } from '../../../hw/hart/index.ts';

/** Follows a hart, and finds out whether what it is told adds up to what the hart says of itself. */
export class FollowChecker implements Follower {
  readonly #hart: Hart;
  readonly #leaves: Float64Array;
  #retired = 0;
  #trapped = 0;
  #begun = 0;
  #exits = 0;

  constructor(hart: Hart) {
    this.#hart = hart;
    this.#leaves = new Float64Array(hart.account.tree.leaves.length);
    hart.follow(this);
    hart.traceExits(({ before, end, cycles, leaves }) => {
      this.#exits += 1;
      expect('exit', sum(cycles), end - before);
      for (const [step, own] of leaves.entries()) expect('step', sum(own), cycles[step] ?? 0);
    });
  }

  begins(): void {
    this.#begun += 1;
  }

  retires(): void {
    this.#retired += 1;
  }

  traps(): void {
    this.#trapped += 1;
  }

  charged(leaf: number, cycles: number): void {
    this.#leaves[leaf] = (this.#leaves[leaf] ?? 0) + cycles;
  }

  /** Throws if something does not add up. */
  check(): void {
    const { account, state, exits } = this.#hart;
    for (const [leaf, cycles] of account.tree.leaves.entries()) {
      expect(`leaf ${String(leaf)}`, this.#leaves[leaf] ?? 0, cycles);
    }
    expect('instructions', this.#retired, state.instret);
    const recorded = exits.summaries().reduce((count, { total }) => count + total.count, 0);
    expect('exits', this.#exits, recorded);
    if (this.#begun > this.#retired + this.#trapped) throw new Error('an instruction was lost');
  }
}

function sum(numbers: ArrayLike<number>): number {
  return Array.from(numbers).reduce((total, value) => total + value, 0);
}

function expect(what: string, told: number, known: number): void {
  if (told !== known) throw new Error(`${what}: told ${String(told)}, known ${String(known)}`);
}
