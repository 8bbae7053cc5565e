import { PAGE_BYTES } from '../isa/index.ts';
import type { Pmp } from '../pmc/index.ts';
import type { Mmu, Regimes } from './mmu/index.ts';

/** Numbers everything that decides which words a core fetches, and knows the pages that it fetched them from. */
export class CoreContexts {
  readonly #mmu: Mmu;
  readonly #pmp: Pmp;
  /** By the context keys of fetches and data. */
  readonly #numbers = new Map<number, number>();
  readonly #pages = new Set<number>();
  /** One of them, or `NOWHERE`: mostly the next word is in the same. */
  #page = NOWHERE;
  #regimes: Regimes | undefined;
  #generation = -1;
  #number = 0;
  #next = 0;

  constructor(mmu: Mmu, pmp: Pmp) {
    this.#mmu = mmu;
    this.#pmp = pmp;
  }

  /** The number of the present situation. */
  get number(): number {
    const { regimes } = this.#mmu;
    const { generation } = this.#pmp;
    if (regimes === this.#regimes && generation === this.#generation) return this.#number;
    if (generation !== this.#generation) this.#numbers.clear();
    this.#regimes = regimes;
    this.#generation = generation;
    const key = regimes.fetch.contextKey * MOST_KEYS + regimes.data.contextKey;
    const known = this.#numbers.get(key);
    if (known === undefined) this.#next += 1;
    this.#number = known ?? this.#next;
    this.#numbers.set(key, this.#number);
    return this.#number;
  }

  /** A word is fetched from a virtual address of 40 bits. */
  reads(pc: number): void {
    const page = Math.floor(pc / PAGE_BYTES) % CORE_PAGES;
    if (page === this.#page) return;
    this.#page = page;
    this.#pages.add(page);
  }

  /** Whether words were fetched from a virtual page, or from any if it is `undefined`. */
  forgets(page: number | undefined): boolean {
    if (page !== undefined && !this.#pages.has(page % CORE_PAGES)) return false;
    const hadSome = this.#pages.size > 0;
    this.#pages.clear();
    this.#page = NOWHERE;
    return hadSome;
  }
}

/** More than there are context keys. */
const MOST_KEYS = 2 ** 26;
/** Pages that addresses of 40 bits tell apart. */
const CORE_PAGES = 2 ** 28;
const NOWHERE = -1;
