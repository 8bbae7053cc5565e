import { PseudoLru, type StateArea } from '../memory/index.ts';
import { NAMED } from './entry-names.ts';
import type { TargetUpdate } from './surroundings.ts';
import { targetAnswer, type TargetParts } from './target-answer.ts';
import { MATCH_BITS, TargetIndex, type TargetPlaces } from './target-index.ts';

/** What a branch does, as far as fetch must know to follow it. */
export const Transfer = { branch: 0, jump: 1, call: 2, return: 3 } as const;

/** One of the kinds of transfers. */
export type Transfer = (typeof Transfer)[keyof typeof Transfer];

const PAGE = 2 ** MATCH_BITS;
/** The host masks numbers beyond 32 bits far faster than it divides them. */
const IN_PAGE = PAGE - 1;
const IDLE = -1;

/** What the buffer tells fetch addresses apart by, the page apart. */
export function sourceOf(pc: number): number {
  return (pc & IN_PAGE) >>> 1;
}

/**
 * Branch target buffer (rocket-chip, BTB.scala): entries found by the address of the fetched word, targets and addresses split
 * into an offset and one of a few page registers.
 */
export class BranchTargetBuffer {
  /** Told what may be answered differently from now on: to fetches from words whose addresses have such bits in their page (without the lowest), or from any. */
  onChange: ((source: number | undefined) => void) | undefined;
  /** Several entries matched at the last look-up, and were dropped. */
  hasDropped = false;
  /** How many matched when somebody asked last. */
  matches = 0;
  readonly #found: TargetParts = {
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
  readonly #nextPage: Uint32Array;
  readonly #replacement: PseudoLru;
  readonly #changes: Int32Array;
  readonly #index: TargetIndex;

  constructor(entries: number, pages: number, area: StateArea) {
    this.#entries = entries;
    this.#pageCount = pages;
    this.#sources = area.signedWords(entries);
    this.#sourcePages = area.signedWords(entries);
    this.#targets = area.signedWords(entries);
    this.#targetPages = area.signedWords(entries);
    this.#kinds = area.flags(entries);
    this.#halves = area.flags(entries);
    this.#valid = area.flags(entries);
    this.#pages = area.numbers(pages);
    this.#nextPage = area.words(1);
    this.#replacement = new PseudoLru(entries, area);
    this.#changes = area.signedWords(1);
    this.#index = new TargetIndex(entries, area);
    for (let entry = 0; entry < entries; entry++) {
      this.#index.order(entry, this.#replacement.masksOf(entry));
    }
    this.reset();
  }

  /** How often what the buffer says may have changed. */
  get changes(): number {
    return this.#changes[0] ?? 0;
  }

  /** Where generated code finds that count, and the order of replacement. */
  get places(): TargetPlaces & { readonly changes: number; readonly order: number } {
    const { byteOffset: changes } = this.#changes;
    return { changes, order: this.#replacement.place, ...this.#index.places };
  }

  #change(): void {
    this.#changes[0] = (this.#changes[0] ?? 0) + 1;
  }

  /** Forgets everything. */
  reset(): void {
    this.#valid.fill(0);
    this.#pages.fill(IDLE);
    this.#replacement.reset();
    this.#nextPage[0] = 0;
    this.#change();
    this.#index.clear();
    this.onChange?.(undefined);
  }

  /**
   * Looks a fetch address up: the result is a `targetAnswer`. Where several entries match, what they say is merged bit by bit, as the
   * selectors of the hardware do, and they are dropped.
   */
  lookup(pc: number): number {
    const hits = this.#match(pc);
    const answer = targetAnswer(this.#found);
    this.hasDropped = hits > 1;
    if (hits > 1) {
      // Who is told of that looks other addresses up.
      this.#zap(sourceOf(pc));
      this.matches = hits;
    }
    return answer;
  }

  /** The same, as long as asking changes nothing. */
  look(pc: number): number | undefined {
    return this.#match(pc) > 1 ? undefined : targetAnswer(this.#found);
  }

  /** Puts what matching entries say into `#found`; how many there are. */
  #match(pc: number): number {
    const found = this.#found;
    const source = sourceOf(pc);
    let [hits, offset, targetPage, sourcePage] = [0, 0, 0, 0];
    found.isHit = false;
    found.entry = 0;
    found.half = 0;
    found.isBranch = false;
    found.isReturn = false;
    const count = this.#index.countAt(source);
    const last = this.#index.lastAt(source);
    // Mostly there is none, or one.
    for (let entry = count > 1 ? 0 : last; count > 0 && entry <= last; entry++) {
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
    this.matches = hits;
    if (hits === 0) return hits;
    const page = this.#pages[targetPage] ?? IDLE;
    found.target = (page === IDLE ? 0 : page * PAGE) + offset * 2;
    found.isHit = this.#pages[sourcePage - 1] === Math.floor(pc / PAGE);
    return hits;
  }

  /** An entry predicted a taken transfer. */
  use(entry: number): void {
    this.#replacement.touch(entry);
  }

  /** Drops all entries. */
  flush(): void {
    this.#change();
    this.#valid.fill(0);
    this.#index.clear();
    this.onChange?.(undefined);
  }

  #zap(source: number): void {
    this.#change();
    for (let entry = 0; entry < this.#entries; entry++) {
      if (this.#sources[entry] === source) this.#valid[entry] = 0;
    }
    this.#index.count(source, 0, 0);
    this.onChange?.(source);
  }

  /** Takes a change in. */
  learn({ entry, isValid, kind, pc }: TargetUpdate, target: number): void {
    if (this.#entries === 0) return;
    const place = entry < this.#entries ? entry : this.#replacement.oldest;
    this.#replacement.touch(place);
    const source = pc - (pc & 3);
    const before = this.#sources[place] ?? 0;
    const { changes } = this;
    const { sourcePage, targetPage } = this.#choosePages(source, target);
    const pagesStay = changes === this.changes;
    this.#set(this.#sources, place, sourceOf(source));
    this.#set(this.#targets, place, (target & IN_PAGE) >>> 1);
    this.#set(this.#sourcePages, place, sourcePage);
    this.#set(this.#targetPages, place, targetPage);
    this.#set(this.#kinds, place, kind);
    this.#set(this.#halves, place, (pc >>> 1) & 1);
    this.#set(this.#valid, place, isValid ? 1 : 0);
    if (changes === this.changes) return;
    this.#reindex(before);
    this.#reindex(sourceOf(source));
    // Where a page register is replaced, entries that use it say something else.
    if (pagesStay) this.#describe(place);
    else for (let entry = 0; entry < this.#entries; entry++) this.#describe(entry);
    const { onChange } = this;
    if (onChange === undefined) return;
    onChange(pagesStay ? before : undefined);
    onChange(sourceOf(source));
  }

  /** Brings the index up to date for what is found at a source. */
  #reindex(source: number): void {
    let [count, last] = [0, 0];
    for (let entry = 0; entry < this.#entries; entry++) {
      if (this.#sources[entry] !== source || this.#valid[entry] === 0) continue;
      count += 1;
      last = entry;
    }
    this.#index.count(source, count, last);
  }

  /** Notes what an entry says that is the only one to match. */
  #describe(entry: number): void {
    const targetPage = this.#pages[this.#targetPages[entry] ?? 0] ?? IDLE;
    const parts: TargetParts = {
      isHit: true,
      entry: NAMED,
      half: this.#halves[entry] ?? 0,
      isBranch: this.#kinds[entry] === Transfer.branch,
      isReturn: this.#kinds[entry] === Transfer.return,
      target: (targetPage === IDLE ? 0 : targetPage * PAGE) + (this.#targets[entry] ?? 0) * 2,
    };
    const page = this.#pages[this.#sourcePages[entry] ?? 0] ?? IDLE;
    const miss = targetAnswer({ ...parts, isHit: false });
    this.#index.describe(entry, { page, hit: targetAnswer(parts), miss });
  }

  #set(field: Int32Array | Uint8Array | Float64Array, place: number, value: number): void {
    if (field[place] === value) return;
    field[place] = value;
    this.#change();
  }

  /** Finds the page registers of both addresses, and replaces registers for pages that have none. */
  #choosePages(source: number, target: number): { sourcePage: number; targetPage: number } {
    const sourceTag = Math.floor(source / PAGE);
    const targetTag = Math.floor(target / PAGE);
    const sourceHit = this.#pages.indexOf(sourceTag);
    const targetHit = this.#pages.indexOf(targetTag);
    const after = (page: number): number => (page + 1) % this.#pageCount;
    const nextPage = this.#nextPage[0] ?? 0;
    const free = targetHit === IDLE ? nextPage : after(targetHit);
    const sourcePage = sourceHit === IDLE ? free : sourceHit;
    const isSame = sourceTag === targetTag;
    let targetPage = targetHit;
    if (targetHit === IDLE) targetPage = isSame ? sourcePage : after(sourcePage);
    const replacesTarget = !isSame && targetHit === IDLE;
    if (sourceHit === IDLE || replacesTarget) {
      const next = nextPage + (sourceHit === IDLE && replacesTarget ? 2 : 1);
      this.#nextPage[0] = next >= this.#pageCount ? next % 2 : next;
    }
    if (sourceHit === IDLE) this.#set(this.#pages, sourcePage, sourceTag);
    if (replacesTarget) this.#set(this.#pages, targetPage, targetTag);
    return { sourcePage, targetPage };
  }
}
