import { Pte } from '../../../hw/isa/index.ts';

const PAGE = 4096;
const ENTRIES = 512;

/** Tables of one translation scheme, allocated page by page from `base`. */
export class PageTables {
  readonly #memory: { load(address: number, bytes: Uint8Array): void };
  readonly #base: number;
  readonly #levels: number;
  readonly #tables = new Map<string, number>();
  #next: number;

  constructor(
    memory: { load(address: number, bytes: Uint8Array): void },
    { base, levels, rootPages }: { base: number; levels: number; rootPages: 1 | 4 },
  ) {
    this.#memory = memory;
    this.#base = base;
    this.#levels = levels;
    this.#next = base + rootPages * PAGE;
  }

  /** Maps a page of 4 KiB, or of 2 MiB at level 1. */
  map(from: number, to: number, bits: bigint, level: 0 | 1 = 0): void {
    let table = this.#base;
    for (let current = this.#levels - 1; current > level; current--) {
      const key = `${String(current)}:${String(Math.floor(from / span(current)))}`;
      let next = this.#tables.get(key);
      if (next === undefined) {
        next = this.#next;
        this.#next += PAGE;
        this.#tables.set(key, next);
        this.#write(table, from, current, entry(next, Pte.valid));
      }
      table = next;
    }
    this.#write(table, from, level, entry(to, bits));
  }

  /** Where the table of the 2 MiB around an address is. */
  lastTableOf(address: number): number {
    return this.#tables.get(`1:${String(Math.floor(address / span(1)))}`) ?? this.#base;
  }

  #write(table: number, from: number, level: number, value: bigint): void {
    const isRoot = level === this.#levels - 1;
    const index = Math.floor(from / span(level)) % (isRoot ? ENTRIES * 4 : ENTRIES);
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    this.#memory.load(table + index * 8, bytes);
  }
}

function span(level: number): number {
  return PAGE * ENTRIES ** level;
}

function entry(target: number, bits: bigint): bigint {
  return (BigInt(target / PAGE) << 10n) | bits;
}
