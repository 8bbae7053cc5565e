import type { StateArea } from './state-area.ts';
import type { FenceScope } from './translation-buffer.ts';
import type { WalkTrace } from './walk-trace.ts';

const EMPTY = -1;

/** What an entry is known by: a guest's page is not that of the others. */
function keyOf(page: number, isVirtual: boolean): number {
  return 2 * page + (isVirtual ? 1 : 0);
}

/**
 * The direct-mapped TLB of pages of 4 KiB that the walker of a core asks while it makes its first request (Rocket, `PTW.scala`,
 * l2_tlb_ram): for pages of one stage, and for those of guests where both stages translate.
 */
export class L2Tlb {
  readonly #keys: Float64Array;
  readonly #global: Uint32Array;

  constructor(entries: number, area: StateArea) {
    this.#keys = area.numbers(entries);
    this.#global = area.words(entries);
    this.reset();
  }

  /** Power-on: nothing in it. */
  reset(): void {
    this.#keys.fill(EMPTY);
    this.#global.fill(0);
  }

  /** Whether there is any. */
  get isThere(): boolean {
    return this.#keys.length > 0;
  }

  /** Whether it is asked for the page of such a walk. */
  serves({ isVirtual, hasStage1, hasStage2 }: WalkTrace): boolean {
    return this.isThere && (isVirtual ? hasStage1 && hasStage2 : hasStage1);
  }

  /** Whether it holds a page. */
  finds(page: number, isVirtual: boolean): boolean {
    return this.#keys[this.#placeOf(page)] === keyOf(page, isVirtual);
  }

  /** Takes the page that a walk has found, in place of the one there. */
  fill(page: number, { isVirtual, isGlobal, suitsL2Tlb }: WalkTrace): void {
    if (!suitsL2Tlb) return;
    const place = this.#placeOf(page);
    this.#keys[place] = keyOf(page, isVirtual);
    this.#global[place] = isGlobal ? 1 : 0;
  }

  /** Drops what a fence names: with an address whatever is in its place, be it another page; guests' pages with the others. */
  fence({ page, keepsGlobal = false }: FenceScope): void {
    if (!this.isThere) return;
    if (page !== undefined) {
      this.#keys[this.#placeOf(page)] = EMPTY;
      return;
    }
    for (const [place, global] of this.#global.entries()) {
      if (!keepsGlobal || global === 0) this.#keys[place] = EMPTY;
    }
  }

  #placeOf(page: number): number {
    return page % this.#keys.length;
  }
}
