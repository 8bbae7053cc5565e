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
/** Where an entry is found that is not valid. */
const NOWHERE = -1;

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
  /** The page registers that `choosePages` has left behind. */
  #sourcePage = 0;
  #targetPage = 0;

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
    const answer = this.look(pc);
    this.hasDropped = answer === undefined;
    if (answer !== undefined) return answer;
    const { matches } = this;
    const merged = this.#merge(pc);
    // Who is told of that looks other addresses up.
    this.#zap(sourceOf(pc));
    this.matches = matches;
    return merged;
  }

  /** The same, as long as asking changes nothing. */
  look(pc: number): number | undefined {
    const source = sourceOf(pc);
    this.matches = this.#index.countAt(source);
    if (this.matches > 1) return undefined;
    return this.matches === 0 ? 0 : this.#index.answerAt(source, Math.floor(pc / PAGE));
  }

  /** What all matching entries say. */
  #merge(pc: number): number {
    const found = this.#found;
    const source = sourceOf(pc);
    let [offset, targetPage, sourcePage] = [0, 0, 0];
    found.entry = 0;
    found.half = 0;
    found.isBranch = false;
    found.isReturn = false;
    for (let entry = 0; entry < this.#entries; entry++) {
      if (this.#sources[entry] !== source || this.#valid[entry] === 0) continue;
      found.entry |= entry;
      found.half |= this.#halves[entry] ?? 0;
      offset |= this.#targets[entry] ?? 0;
      targetPage |= this.#targetPages[entry] ?? 0;
      sourcePage |= (this.#sourcePages[entry] ?? 0) + 1;
      if (this.#kinds[entry] === Transfer.branch) found.isBranch = true;
      if (this.#kinds[entry] === Transfer.return) found.isReturn = true;
    }
    found.target = this.#address(targetPage, offset);
    found.isHit = this.#pages[sourcePage - 1] === Math.floor(pc / PAGE);
    return targetAnswer(found);
  }

  /** The address that a page register and the bits that an entry keeps itself make. */
  #address(register: number, offset: number): number {
    const page = this.#pages[register] ?? IDLE;
    return (page === IDLE ? 0 : page * PAGE) + offset * 2;
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
    const address = pc - (pc & 3);
    this.#choosePages(Math.floor(address / PAGE), Math.floor(target / PAGE));
    const before = this.#sourceAt(place);
    const { changes } = this;
    this.#setWord(this.#sources, place, sourceOf(address));
    this.#setWord(this.#targets, place, (target & IN_PAGE) >>> 1);
    this.#setWord(this.#sourcePages, place, this.#sourcePage);
    this.#setWord(this.#targetPages, place, this.#targetPage);
    this.#setByte(this.#kinds, place, kind);
    this.#setByte(this.#halves, place, (pc >>> 1) & 1);
    this.#setByte(this.#valid, place, isValid ? 1 : 0);
    if (changes === this.changes) return;
    this.#describe(place);
    const after = this.#sourceAt(place);
    if (after !== before) {
      this.#leave(before);
      this.#enter(after, place);
      this.#tell(after);
    }
    this.#tell(before);
  }

  /** Where an entry is found, as `sourceOf` says it. */
  #sourceAt(entry: number): number {
    return this.#valid[entry] === 1 ? (this.#sources[entry] ?? NOWHERE) : NOWHERE;
  }

  /** One entry less is found at a source. */
  #leave(source: number): void {
    if (source === NOWHERE) return;
    if (this.#index.countAt(source) > 1) this.#countAgain(source);
    else this.#index.count(source, 0, 0);
  }

  /** An entry is found at a source, too. */
  #enter(source: number, entry: number): void {
    if (source === NOWHERE) return;
    if (this.#index.countAt(source) > 0) this.#countAgain(source);
    else this.#index.count(source, 1, entry);
  }

  #countAgain(source: number): void {
    let [count, last] = [0, 0];
    for (let entry = 0; entry < this.#entries; entry++) {
      if (this.#sourceAt(entry) !== source) continue;
      count += 1;
      last = entry;
    }
    this.#index.count(source, count, last);
  }

  #tell(source: number): void {
    if (source !== NOWHERE) this.onChange?.(source);
  }

  /** Notes what an entry says that is the only one to match. */
  #describe(entry: number): void {
    const found = this.#found;
    const page = this.#pages[this.#sourcePages[entry] ?? 0] ?? IDLE;
    found.isHit = true;
    found.entry = NAMED;
    found.half = this.#halves[entry] ?? 0;
    found.isBranch = this.#kinds[entry] === Transfer.branch;
    found.isReturn = this.#kinds[entry] === Transfer.return;
    found.target = this.#address(this.#targetPages[entry] ?? 0, this.#targets[entry] ?? 0);
    const hit = targetAnswer(found);
    found.isHit = false;
    this.#index.describe(entry, page, hit, targetAnswer(found));
  }

  #setWord(field: Int32Array, entry: number, value: number): void {
    if (field[entry] === value) return;
    field[entry] = value;
    this.#change();
  }

  #setByte(field: Uint8Array, entry: number, value: number): void {
    if (field[entry] === value) return;
    field[entry] = value;
    this.#change();
  }

  /** Finds the page registers of an address and of a target, and replaces registers for pages that have none. */
  #choosePages(sourceTag: number, targetTag: number): void {
    const sourceHit = this.#registerOf(sourceTag);
    const targetHit = this.#registerOf(targetTag);
    const isSame = sourceTag === targetTag;
    const nextPage = this.#nextPage[0] ?? 0;
    const free = targetHit === IDLE ? nextPage : this.#after(targetHit);
    const sourcePage = sourceHit === IDLE ? free : sourceHit;
    let targetPage = targetHit;
    if (targetHit === IDLE) targetPage = isSame ? sourcePage : this.#after(sourcePage);
    this.#sourcePage = sourcePage;
    this.#targetPage = targetPage;
    const replacesTarget = !isSame && targetHit === IDLE;
    if (sourceHit === IDLE || replacesTarget) {
      const next = nextPage + (sourceHit === IDLE && replacesTarget ? 2 : 1);
      this.#nextPage[0] = next >= this.#pageCount ? next % 2 : next;
    }
    if (sourceHit === IDLE) this.#replacePage(sourcePage, sourceTag);
    if (replacesTarget) this.#replacePage(targetPage, targetTag);
  }

  #registerOf(tag: number): number {
    for (let page = 0; page < this.#pageCount; page++) if (this.#pages[page] === tag) return page;
    return IDLE;
  }

  #after(page: number): number {
    return (page + 1) % this.#pageCount;
  }

  /** Puts a page into a register, after which entries that use it say something else. */
  #replacePage(register: number, tag: number): void {
    this.#pages[register] = tag;
    this.#change();
    for (let entry = 0; entry < this.#entries; entry++) {
      if (this.#sourcePages[entry] !== register && this.#targetPages[entry] !== register) continue;
      this.#describe(entry);
      this.#tell(this.#sourceAt(entry));
    }
  }
}
