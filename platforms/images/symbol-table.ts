/** A name for an address of a loaded image. */
export interface ImageSymbol {
  readonly name: string;
  readonly address: bigint;
  readonly size: bigint;
  /** Whether the image says that it is a function, and not only a place. */
  readonly isFunction?: boolean;
}

/** Finds addresses by name, and the name that an address belongs to. */
export class SymbolTable {
  readonly all: readonly ImageSymbol[];
  /** Names of places that people know; those with a $ mark something for tools. */
  readonly #places: readonly ImageSymbol[];
  readonly #byName: ReadonlyMap<string, ImageSymbol>;

  constructor(symbols: readonly ImageSymbol[]) {
    this.all = symbols.toSorted((a, b) =>
      a.address < b.address ? -1 : a.address > b.address ? 1 : 0,
    );
    this.#places = this.all.filter(({ name }) => !name.includes('$'));
    this.#byName = new Map(symbols.map((symbol) => [symbol.name, symbol]));
  }

  /** The address of a name, or undefined if the image does not have it. */
  addressOf(name: string): bigint | undefined {
    return this.#byName.get(name)?.address;
  }

  /** The last name of a place at or below an address, or undefined below the first one. */
  at(address: bigint): ImageSymbol | undefined {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#places[middle]?.address ?? 0n) <= address) low = middle + 1;
      else high = middle;
    }
    return this.#places[low - 1];
  }

  /** Writes an address as `<name+offset>`, or as nothing if no name is near. */
  describe(address: bigint): string {
    const symbol = this.at(address);
    if (symbol === undefined || address - symbol.address > 0x10_0000n) return '';
    const offset = address - symbol.address;
    return offset === 0n ? `<${symbol.name}>` : `<${symbol.name}+0x${offset.toString(16)}>`;
  }
}
