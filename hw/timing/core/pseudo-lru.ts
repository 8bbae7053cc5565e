/** Tree pseudo-LRU over any number of ways, as rocket-chip builds it: the right subtree holds a power of two of them. */
export class PseudoLru {
  readonly #ways: number;
  /** A bit per inner node: set if its left subtree is the older one. */
  readonly #older: Uint8Array;

  constructor(ways: number) {
    this.#ways = ways;
    this.#older = new Uint8Array(Math.max(1, ways - 1));
  }

  /** All ways equally old. */
  reset(): void {
    this.#older.fill(0);
  }

  /** Makes a way the youngest. */
  touch(way: number): void {
    let first = 0;
    let ways = this.#ways;
    let rest = way;
    while (ways > 1) {
      const right = rightWays(ways);
      const node = first + ways - 2;
      const isLeft = rest >= right;
      this.#older[node] = isLeft ? 0 : 1;
      if (isLeft) {
        rest -= right;
        first += right - 1;
        ways -= right;
      } else {
        ways = right;
      }
    }
  }

  /** The way to replace next. */
  get oldest(): number {
    let first = 0;
    let ways = this.#ways;
    let way = 0;
    while (ways > 1) {
      const right = rightWays(ways);
      const node = first + ways - 2;
      if (this.#older[node] === 1) {
        way += right;
        first += right - 1;
        ways -= right;
      } else {
        ways = right;
      }
    }
    return way;
  }
}

/** How many of the ways are in the right subtree: the largest power of two that leaves some for the left one. */
function rightWays(ways: number): number {
  return 2 ** (Math.ceil(Math.log2(ways)) - 1);
}
