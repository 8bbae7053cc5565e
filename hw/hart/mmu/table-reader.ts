import { PAGE_BYTES, PTE_BYTES } from '../../isa/index.ts';
import type { BusPort, MachineMemory } from '../../kernel/index.ts';
import { type Accessor, type Pmp, PmpConfig } from '../../pmc/index.ts';
import { KNOWN_PAGES, type TableMemory } from './page-walker.ts';

const NOTHING = -1;
const NOWHERE = -1;
const WORD_SHIFT = 2;
/** Pages above are not remembered: comparing small integers is faster. */
const LAST_PAGE = 0x7fff_ffff;

/**
 * What the page walker reads and marks of main memory: with the protection of S mode and, if so configured, the V bit. Where the pages
 * of tables are is remembered until protection is programmed anew; their contents are not.
 */
export class TableReader implements TableMemory {
  readonly words: Int32Array;
  readonly known = new Int32Array(2 * KNOWN_PAGES).fill(NOTHING);
  /** Whether protection refused a read since `begin`. */
  isRefused = false;
  readonly #bus: BusPort;
  readonly #pmp: Pmp;
  readonly #setBits: (address: number, bits: number) => boolean;
  readonly #accessor = { machine: false, virtual: false };
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
    this.words = new Int32Array(buffer);
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
    this.known.fill(NOTHING);
  }

  find(page: number, index: number): number {
    const start = this.#locate(page);
    return start < 0
      ? this.#findAlone(page * PAGE_BYTES + index * PTE_BYTES)
      : start + ((index * PTE_BYTES) >>> WORD_SHIFT);
  }

  mark(page: number, index: number, bits: number): boolean {
    if (!this.#mayMark) return false;
    const address = page * PAGE_BYTES + index * PTE_BYTES;
    const permissions = this.#pmp.permissions(address, PTE_BYTES, this.#accessor);
    this.isRefused ||= (permissions & PmpConfig.write) === 0;
    return (permissions & PmpConfig.write) !== 0 && this.#setBits(address, bits);
  }

  /** Where a page begins, if all of it is memory that may be read; knows it from now on. */
  #locate(page: number): number {
    if (page > LAST_PAGE) return NOWHERE;
    const address = page * PAGE_BYTES;
    const window = this.#bus.ram(address);
    if (window === undefined || address + PAGE_BYTES > window.base + window.size) return NOWHERE;
    const permissions = this.#pmp.pagePermissions(page, this.#accessor) ?? 0;
    if ((permissions & PmpConfig.read) === 0) return NOWHERE;
    const start = (window.offset + (address - window.base)) >>> WORD_SHIFT;
    const place = (page & (KNOWN_PAGES - 1)) * 2;
    this.known[place] = page;
    this.known[place + 1] = start;
    return start;
  }

  /** Finds an entry in a page of which not all may be read, or is memory. */
  #findAlone(address: number): number {
    if (address > Number.MAX_SAFE_INTEGER) return NOWHERE;
    const permissions = this.#pmp.permissions(address, PTE_BYTES, this.#accessor);
    if ((permissions & PmpConfig.read) === 0) {
      this.isRefused = true;
      return NOWHERE;
    }
    const window = this.#bus.ram(address);
    if (window === undefined || address + PTE_BYTES > window.base + window.size) return NOWHERE;
    return (window.offset + (address - window.base)) >>> WORD_SHIFT;
  }
}
