/** A range of addresses that belongs to something with a name. */
export interface AddressRange {
  readonly name: string;
  /** First physical address. */
  readonly base: number;
  /** Length in bytes. */
  readonly size: number;
}

/** Two ranges claim the same addresses. */
export class OverlapError extends Error {
  readonly first: AddressRange;
  readonly second: AddressRange;

  constructor(first: AddressRange, second: AddressRange) {
    super(`${describeRange(second)} overlaps ${describeRange(first)}`);
    this.name = 'OverlapError';
    this.first = first;
    this.second = second;
  }
}

/** Disjoint ranges, found by address. */
export class AddressMap<R extends AddressRange> {
  #ranges: R[] = [];
  /** The range found last: most accesses go where the one before went. */
  #recent: R | undefined;

  /** The ranges by ascending address. */
  get ranges(): readonly R[] {
    return this.#ranges;
  }

  /** Adds a range; one that overlaps another is refused. */
  add(range: R): void {
    if (!Number.isSafeInteger(range.base) || range.base < 0 || range.size <= 0) {
      throw new RangeError(`${describeRange(range)} is not a range of addresses`);
    }
    const end = range.base + range.size;
    const other = this.#ranges.find(({ base, size }) => base < end && range.base < base + size);
    if (other !== undefined) {
      throw new OverlapError(other, range);
    }
    this.#ranges = [...this.#ranges, range].sort((a, b) => a.base - b.base);
  }

  /** Puts other ranges, disjoint and inside it, in the place of one. */
  replace(range: R, parts: readonly R[]): void {
    this.#ranges = this.#ranges.filter((candidate) => candidate !== range);
    this.#recent = undefined;
    for (const part of parts) {
      this.add(part);
    }
  }

  /** The range that holds `address`. */
  find(address: number): R | undefined {
    const recent = this.#recent;
    if (recent !== undefined && address >= recent.base && address < recent.base + recent.size) {
      return recent;
    }
    return (this.#recent = this.#search(address));
  }

  #search(address: number): R | undefined {
    const ranges = this.#ranges;
    let low = 0;
    let high = ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const range = ranges[middle];
      if (range === undefined || address < range.base) {
        high = middle - 1;
      } else if (address >= range.base + range.size) {
        low = middle + 1;
      } else {
        return range;
      }
    }
    return undefined;
  }
}

function describeRange({ name, base, size }: AddressRange): string {
  return `${name} at 0x${base.toString(16)}..0x${(base + size).toString(16)}`;
}
