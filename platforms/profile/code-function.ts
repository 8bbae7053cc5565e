import type { Program } from '../run/code-names.ts';
import type { ImageSymbol } from '../images/symbol-table.ts';

/** A stretch of code that cycles are booked on: a function of an image, or a place between its functions. */
export interface CodeFunction {
  readonly image: string;
  readonly name: string;
  /** Addresses from here up to, but not including, `end`. */
  readonly start: bigint;
  readonly end: bigint;
}

/** Names for what is no function of an image. */
const Nameless = { between: '?', outside: 'outside' } as const;

/** Above every address. */
const TOP = 1n << 64n;

/** The functions of one image, found by address. An image that names none has its labels taken for them. */
export class FunctionTable {
  readonly #image: string;
  readonly #functions: readonly ImageSymbol[];
  readonly #labels: readonly ImageSymbol[];
  readonly #segments: Program['segments'];
  readonly #known = new Map<bigint, CodeFunction>();
  /** Answers that were given: calls and returns come by the same places again and again. */
  readonly #found = new Map<bigint, CodeFunction>();

  constructor(program: Program | undefined) {
    const { name = '', symbols, segments } = program ?? {};
    const places = (symbols?.all ?? []).filter((symbol) => !symbol.name.includes('$'));
    this.#image = imageName(name);
    this.#functions = places.filter(({ isFunction }) => isFunction);
    this.#labels = places.filter(({ isFunction }) => !isFunction);
    this.#segments = segments;
  }

  /** The function of an address. */
  at(address: bigint): CodeFunction {
    let known = this.#found.get(address);
    if (known === undefined) {
      known = this.#find(address);
      this.#found.set(address, known);
    }
    return known;
  }

  #find(address: bigint): CodeFunction {
    if (!this.#isInside(address)) return this.#outside(address);
    const index = lastAtOrBelow(this.#functions, address);
    const next = this.#functions[index + 1]?.address ?? TOP;
    const symbol = this.#functions[index];
    if (symbol === undefined) return this.#between(address, 0n, next);
    const end = symbol.size > 0n ? symbol.address + symbol.size : next;
    if (address >= end) return this.#between(address, end, next);
    return this.#keep(symbol.name, symbol.address, end < next ? end : next);
  }

  #isInside(address: bigint): boolean {
    // Without segments, as without an image, every place is as good as another.
    return (
      this.#segments?.some(({ virtualAddress, memorySize }) => {
        return address >= virtualAddress && address < virtualAddress + BigInt(memorySize);
      }) ?? true
    );
  }

  #outside(address: bigint): CodeFunction {
    const starts = (this.#segments ?? []).map(({ virtualAddress }) => virtualAddress);
    const ends = (this.#segments ?? []).map(({ virtualAddress, memorySize }) => {
      return virtualAddress + BigInt(memorySize);
    });
    const start = greatest(ends.filter((end) => end <= address));
    const end = least(starts.filter((begin) => begin > address));
    return this.#keep(Nameless.outside, start, end);
  }

  /** A place that no function covers belongs to the label in front of it. */
  #between(address: bigint, start: bigint, end: bigint): CodeFunction {
    const index = lastAtOrBelow(this.#labels, address);
    const label = this.#labels[index];
    const next = this.#labels[index + 1]?.address ?? TOP;
    const bound = next < end ? next : end;
    if (label === undefined || label.address < start)
      return this.#keep(Nameless.between, start, bound);
    return this.#keep(label.name, label.address, bound);
  }

  /** Each place is one object, so that places can be compared. */
  #keep(name: string, start: bigint, end: bigint): CodeFunction {
    let known = this.#known.get(start);
    if (known === undefined) {
      known = { image: this.#image, name, start, end };
      this.#known.set(start, known);
    }
    return known;
  }
}

/** The file's own name: where it lies must not be seen in results. */
function imageName(file: string): string {
  const base = file.split(/[\\/]/).at(-1) ?? '';
  const name = base.replace(/\.[^.]*$/, '');
  return name === '' ? 'unknown' : name;
}

function lastAtOrBelow(symbols: readonly ImageSymbol[], address: bigint): number {
  let low = 0;
  let high = symbols.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((symbols[middle]?.address ?? 0n) <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function greatest(addresses: readonly bigint[]): bigint {
  return addresses.reduce((most, address) => (address > most ? address : most), 0n);
}

function least(addresses: readonly bigint[]): bigint {
  return addresses.reduce((fewest, address) => (address < fewest ? address : fewest), TOP);
}
