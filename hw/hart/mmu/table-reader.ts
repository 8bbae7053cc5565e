import { PAGE_BYTES, PTE_BYTES } from '../../isa/index.ts';
import type { BusPort, MachineMemory } from '../../kernel/index.ts';
import { type Accessor, type Pmp, PmpConfig } from '../../pmc/index.ts';
import type { TableMemory } from './page-walker.ts';

const PLACES = 512;
const NOTHING = -1;
const WORD_SHIFT = 2;

/**
 * What the page walker reads and marks of main memory: with the protection of S mode and, if so configured, the V bit. Where the pages
 * of tables are is remembered until protection is programmed anew; their contents are not.
 */
export class TableReader implements TableMemory {
  low = 0;
  high = 0;
  /** Whether protection refused a read since `begin`. */
  isRefused = false;
  readonly #bus: BusPort;
  readonly #pmp: Pmp;
  readonly #setBits: (address: number, bits: number) => boolean;
  readonly #words: Int32Array;
  readonly #accessor = { machine: false, virtual: false };
  readonly #pages = new Float64Array(PLACES).fill(NOTHING);
  /** Where those pages begin in the machine's memory, in words. */
  readonly #starts = new Uint32Array(PLACES);
  #protection = NOTHING;
  #mayMark = false;

  constructor(
    { buffer }: MachineMemory,
    bus: BusPort,
    pmp: Pmp,
    setBits: (address: number, bits: number) => boolean,
  ) {
    this.#bus = bus;
    this.#pmp = pmp;
    this.#setBits = setBits;
    this.#words = new Int32Array(buffer);
  }

  /** Prepares for a walk on behalf of an access, which may have to go without marking anything. */
  begin({ virtual }: Accessor, mayMark: boolean): void {
    this.#mayMark = mayMark;
    const { generation, options } = this.#pmp;
    const asGuest = virtual && options.walker === 'checked';
    this.isRefused = false;
    if (generation === this.#protection && asGuest === this.#accessor.virtual) return;
    this.#protection = generation;
    this.#accessor.virtual = asGuest;
    this.#pages.fill(NOTHING);
  }

  read(page: number, offset: number): boolean {
    const place = page & (PLACES - 1);
    if (this.#pages[place] !== page && !this.#locate(page, place)) {
      return this.#readAlone(page * PAGE_BYTES + offset);
    }
    const word = (this.#starts[place] ?? 0) + (offset >>> WORD_SHIFT);
    this.low = this.#words[word] ?? 0;
    this.high = this.#words[word + 1] ?? 0;
    return true;
  }

  mark(page: number, offset: number, bits: number): boolean {
    if (!this.#mayMark) return false;
    const address = page * PAGE_BYTES + offset;
    const permissions = this.#pmp.permissions(address, PTE_BYTES, this.#accessor);
    this.isRefused ||= (permissions & PmpConfig.write) === 0;
    return (permissions & PmpConfig.write) !== 0 && this.#setBits(address, bits);
  }

  /** Remembers a page, if all of it is memory that may be read. */
  #locate(page: number, place: number): boolean {
    const address = page * PAGE_BYTES;
    if (address > Number.MAX_SAFE_INTEGER) return false;
    const window = this.#bus.ram(address);
    if (window === undefined || address + PAGE_BYTES > window.base + window.size) return false;
    const permissions = this.#pmp.pagePermissions(address, this.#accessor) ?? 0;
    if ((permissions & PmpConfig.read) === 0) return false;
    this.#pages[place] = page;
    this.#starts[place] = (window.offset + (address - window.base)) >>> WORD_SHIFT;
    return true;
  }

  #readAlone(address: number): boolean {
    if (address > Number.MAX_SAFE_INTEGER) return false;
    const permissions = this.#pmp.permissions(address, PTE_BYTES, this.#accessor);
    if ((permissions & PmpConfig.read) === 0) {
      this.isRefused = true;
      return false;
    }
    const bus = this.#bus;
    const entry = bus.ram(address) === undefined ? undefined : bus.read(address, PTE_BYTES);
    if (entry === undefined) return false;
    this.low = Number(BigInt.asIntN(32, entry));
    this.high = Number(BigInt.asIntN(32, entry >> 32n));
    return true;
  }
}
