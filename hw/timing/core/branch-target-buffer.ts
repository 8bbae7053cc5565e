import { PseudoLru } from './pseudo-lru.ts';

/** What a branch does, as far as fetch must know to follow it. */
export const Transfer = { branch: 0, jump: 1, call: 2, return: 3 } as const;

/** One of the kinds of transfers. */
export type Transfer = (typeof Transfer)[keyof typeof Transfer];

/** What the buffer says of a fetch address. */
export interface TargetLookup {
  isHit: boolean;
  entry: number;
  /** Which half of the fetched word ends the transfer. */
  half: number;
  /** Whether the direction predictor decides, and whether the return stack knows the target. */
  isBranch: boolean;
  isReturn: boolean;
  target: number;
}

/** A change of the buffer, made in the cycle after it was asked for, when the target is being fetched. */
export interface TargetUpdate {
  /** The entry that predicted, or one past the last to take the place of the oldest. */
  readonly entry: number;
  readonly isValid: boolean;
  readonly kind: Transfer;
  /** Address of the half-word that ends the transfer. */
  readonly pc: number;
}

/** Bits of an address that an entry keeps itself; the rest is in a page register. */
const MATCH_BITS = 14;
const PAGE = 2 ** MATCH_BITS;
const IDLE = -1;

/**
 * Branch target buffer (rocket-chip, BTB.scala): entries found by the address of the fetched word, targets and addresses split
 * into an offset and one of a few page registers.
 */
export class BranchTargetBuffer {
  readonly found: TargetLookup = {
    isHit: false,
    entry: 0,
    half: 0,
    isBranch: false,
    isReturn: false,
    target: 0,
  };
  readonly #entries: number;
  readonly #pageCount: number;
  readonly #sources: Int32Array;
  readonly #sourcePages: Int32Array;
  readonly #targets: Int32Array;
  readonly #targetPages: Int32Array;
  readonly #kinds: Uint8Array;
  readonly #halves: Uint8Array;
  readonly #valid: Uint8Array;
  readonly #pages: Float64Array;
  readonly #replacement: PseudoLru;
  #nextPage = 0;
  #update: TargetUpdate | undefined;
  /** The entry that predicted a taken transfer in the cycle before. */
  #used = IDLE;

  constructor(entries: number, pages: number) {
    this.#entries = entries;
    this.#pageCount = pages;
    this.#sources = new Int32Array(entries);
    this.#sourcePages = new Int32Array(entries);
    this.#targets = new Int32Array(entries);
    this.#targetPages = new Int32Array(entries);
    this.#kinds = new Uint8Array(entries);
    this.#halves = new Uint8Array(entries);
    this.#valid = new Uint8Array(entries);
    this.#pages = new Float64Array(pages);
    this.#replacement = new PseudoLru(entries);
    this.reset();
  }

  /** Forgets everything. */
  reset(): void {
    this.#valid.fill(0);
    this.#pages.fill(IDLE);
    this.#replacement.reset();
    this.#nextPage = 0;
    this.#update = undefined;
    this.#used = IDLE;
  }

  /**
   * Looks a fetch address up; the answer is in `found`. Where several entries match, what they say is merged bit by bit, as the
   * selectors of the hardware do, and they are dropped.
   */
  lookup(pc: number): void {
    const { found } = this;
    const source = (pc % PAGE) >>> 1;
    let [hits, offset, targetPage, sourcePage] = [0, 0, 0, 0];
    found.isHit = false;
    found.entry = 0;
    found.half = 0;
    found.isBranch = false;
    found.isReturn = false;
    for (let entry = 0; entry < this.#entries; entry++) {
      if (this.#sources[entry] !== source || this.#valid[entry] === 0) continue;
      hits += 1;
      found.entry |= entry;
      found.half |= this.#halves[entry] ?? 0;
      offset |= this.#targets[entry] ?? 0;
      targetPage |= this.#targetPages[entry] ?? 0;
      sourcePage |= (this.#sourcePages[entry] ?? 0) + 1;
      if (this.#kinds[entry] === Transfer.branch) found.isBranch = true;
      if (this.#kinds[entry] === Transfer.return) found.isReturn = true;
    }
    if (hits === 0) return;
    const page = this.#pages[targetPage] ?? IDLE;
    found.target = (page === IDLE ? 0 : page * PAGE) + offset * 2;
    found.isHit = this.#pages[sourcePage - 1] === Math.floor(pc / PAGE);
    if (hits > 1) this.#zap(source);
  }

  /** Ends the cycle in which `pc` was looked up: makes the change of the cycle before, and takes the next one. */
  tick(pc: number, usedEntry: number, update: TargetUpdate | undefined): void {
    if (this.#update !== undefined) this.#write(this.#update, pc);
    else if (this.#used !== IDLE) this.#replacement.touch(this.#used);
    this.#used = usedEntry;
    this.#update = update;
  }

  /** Drops all entries. */
  flush(): void {
    this.#valid.fill(0);
  }

  #zap(source: number): void {
    for (let entry = 0; entry < this.#entries; entry++) {
      if (this.#sources[entry] === source) this.#valid[entry] = 0;
    }
  }

  #write({ entry, isValid, kind, pc }: TargetUpdate, target: number): void {
    if (this.#entries === 0) return;
    const place = entry < this.#entries ? entry : this.#replacement.oldest;
    this.#replacement.touch(place);
    const source = pc - (pc % 4);
    const { sourcePage, targetPage } = this.#choosePages(source, target);
    this.#sources[place] = (source % PAGE) >>> 1;
    this.#targets[place] = (target % PAGE) >>> 1;
    this.#sourcePages[place] = sourcePage;
    this.#targetPages[place] = targetPage;
    this.#kinds[place] = kind;
    this.#halves[place] = (pc >>> 1) & 1;
    this.#valid[place] = isValid ? 1 : 0;
  }

  /** Finds the page registers of both addresses, and replaces registers for pages that have none. */
  #choosePages(source: number, target: number): { sourcePage: number; targetPage: number } {
    const sourceTag = Math.floor(source / PAGE);
    const targetTag = Math.floor(target / PAGE);
    const sourceHit = this.#pages.indexOf(sourceTag);
    const targetHit = this.#pages.indexOf(targetTag);
    const after = (page: number): number => (page + 1) % this.#pageCount;
    const free = targetHit === IDLE ? this.#nextPage : after(targetHit);
    const sourcePage = sourceHit === IDLE ? free : sourceHit;
    const isSame = sourceTag === targetTag;
    let targetPage = targetHit;
    if (targetHit === IDLE) targetPage = isSame ? sourcePage : after(sourcePage);
    const replacesTarget = !isSame && targetHit === IDLE;
    if (sourceHit === IDLE || replacesTarget) {
      const next = this.#nextPage + (sourceHit === IDLE && replacesTarget ? 2 : 1);
      this.#nextPage = next >= this.#pageCount ? next % 2 : next;
    }
    if (sourceHit === IDLE) this.#pages[sourcePage] = sourceTag;
    if (replacesTarget) this.#pages[targetPage] = targetTag;
    return { sourcePage, targetPage };
  }
}
