import { type StateArea, stateBytes } from '../memory/index.ts';
import { fetchAnswerThatWaits, FetchOutcome } from './fetch-answer.ts';
import {
  AGAIN,
  FIRST_NAME,
  isName,
  LAST_GIVEN,
  NAMED,
  nameOf,
  NAMES_OF_A_SITE,
  RENAMED,
  SITE_WORDS,
} from './entry-names.ts';
import { mayEndBranch } from './fetch-scan.ts';
import { entryIn, withEntry } from './target-answer.ts';
import type { MemorySide } from './memory-side.ts';
import type { BranchTargetBuffer } from './branch-target-buffer.ts';
import { WalkPlace, type WalkState } from './walk/walk-state.ts';

/** What the sites are wired to. */
export interface FetchSitePorts {
  readonly targets: BranchTargetBuffer;
  readonly side: MemorySide;
  /** The aligned word of memory at a virtual address, for fetching. */
  readonly read: (pc: number) => number;
  /** The page of a fetch, as far as finding it changes what is replaced next; the same for all if it does not. */
  readonly pageOf: (pc: number) => number;
  /** Where the state of the caches is kept. */
  readonly walk: WalkState;
}

const NONE = 0;
const NOWHERE = -1;
const RECENT = 4096;
/** Whether a branch may be there has not been found out. */
const UNKNOWN = 0;
const PAGE_BYTES = 4096;
/** The answer to a fetch that finds its word. */
export const THERE = fetchAnswerThatWaits(FetchOutcome.there, undefined);

/**
 * Addresses that are fetched from again and again, each known by a number, and what was found out about them: it holds until the
 * target buffer, or what the instruction cache and its TLB hold, changes.
 */
export class FetchSites {
  readonly #ports: FetchSitePorts;
  readonly #capacity: number;
  readonly #numbers = new Map<number, number>();
  readonly #pcs: Float64Array;
  /** Whether the word there may end a branch, and, times 2, since which context that is known. */
  readonly #mayBranch: Int32Array;
  readonly #targets: Float64Array;
  readonly #targetsFrom: Int32Array;
  readonly #thereFrom: Int32Array;
  /** What the names of each site mean; the first is `NOWHERE` as long as nobody has got it. */
  readonly #entries: Int32Array;
  /** Names that are under way, or were since `beginNaming`. */
  readonly #used = new Set<number>();
  /** By site: the name that an entry was given since. */
  readonly #given = new Map<number, number>();
  /** By a few bits of an address: the number of one that was asked for lately. */
  readonly #recent = new Int32Array(RECENT);
  #count = 0;
  #context = 1;
  #isSteady = false;
  #page = NOWHERE;

  constructor(capacity: number, ports: FetchSitePorts, area: StateArea) {
    this.#ports = ports;
    this.#capacity = capacity;
    const { pcs, targets, targetsFrom, thereFrom, entries } = siteArrays(capacity, area);
    this.#entries = entries;
    this.#pcs = pcs;
    this.#targets = targets;
    this.#mayBranch = new Int32Array(capacity + 1);
    this.#targetsFrom = targetsFrom;
    this.#thereFrom = thereFrom;
    this.state = 1;
    ports.walk.link({
      sitePcs: this.#pcs.byteOffset,
      siteTargets: this.#targets.byteOffset,
      siteTargetsFrom: this.#targetsFrom.byteOffset,
      siteThereFrom: this.#thereFrom.byteOffset,
      siteEntries: this.#entries.byteOffset,
    });
  }

  /** The state of caches in which lookups that find their word change nothing. */
  get state(): number {
    return this.#ports.walk.words[WalkPlace.fetchState] ?? 0;
  }
  set state(number: number) {
    this.#ports.walk.words[WalkPlace.fetchState] = number;
  }

  /** Forgets all of them. */
  clear(): void {
    this.#numbers.clear();
    this.#count = 0;
    this.outdate();
  }

  /** What caches hold has changed. */
  outdate(): void {
    this.state += 1;
    this.#page = NOWHERE;
  }

  /** Other words may be there now. */
  changeContext(): void {
    this.#context += 1;
    this.outdate();
  }

  /** Whether there may be no room for those of another commit. */
  get isFull(): boolean {
    return this.#count + MOST_OF_A_PATH > this.#capacity;
  }

  /** Several entries of the target buffer matched at the last question, and were dropped. */
  get hasDropped(): boolean {
    return this.#ports.targets.hasDropped;
  }

  /** The number of an address. */
  of(pc: number): number {
    const recent = this.#recentOf(pc);
    if (recent !== NONE) return recent;
    const known = this.#numbers.get(pc);
    this.#recent[placeOf(pc)] = known ?? this.#count + 1;
    if (known !== undefined) return known;
    this.#count += 1;
    const site = this.#count;
    this.#numbers.set(pc, site);
    this.#pcs[site] = pc;
    this.#mayBranch[site] = UNKNOWN;
    this.#targetsFrom[site] = NOWHERE;
    this.#thereFrom[site] = 0;
    this.#entries[site * SITE_WORDS] = NOWHERE;
    this.#entries[site * SITE_WORDS + LAST_GIVEN] = 0;
    return site;
  }

  /** The number of an address, if it was asked for lately. */
  #recentOf(pc: number): number {
    const recent = this.#recent[placeOf(pc)] ?? NONE;
    return recent <= this.#count && this.#pcs[recent] === pc ? recent : NONE;
  }

  /** The entry that a name means, or the number of one. */
  entryOf(entry: number): number {
    return isName(entry) ? (this.#entries[entry - FIRST_NAME] ?? 0) : entry;
  }

  /** These names are under way, and no others. */
  beginNaming(used: readonly number[]): void {
    this.#used.clear();
    this.#given.clear();
    for (const name of used) this.#used.add(name);
  }

  /** How many names may be under way. */
  get names(): number {
    return this.#used.size;
  }

  /** Such a name is under way from now on. */
  use(name: number): void {
    this.#used.add(name);
  }

  /** A name of a site was given to an entry. */
  give(site: number, which: number): void {
    this.#given.set(site, which);
  }

  /** Which name of a site the entry gets that an answer is about: one that it has, or one that means nothing that is under way. */
  nameFor(site: number, answer: number): number {
    if (!isRenaming(answer)) return 0;
    const given = entryIn(answer) === AGAIN ? this.#given.get(site) : undefined;
    if (given !== undefined) return given;
    for (let which = 0; which < NAMES_OF_A_SITE; which++) {
      if (!this.#used.has(nameOf(site, which))) return which;
    }
    throw new Error('more entries of one transfer are under way than the core has room for');
  }

  /** Gives a name of a site to the entry that the target buffer found there just now, and that its first name does not mean. */
  rename(site: number, which: number): void {
    const first = site * SITE_WORDS;
    this.#entries[first + which] = this.#ports.walk.words[WalkPlace.foundEntry] ?? 0;
    this.#entries[first + LAST_GIVEN] = which;
  }

  /** An answer of the target buffer to the last question, which was about a site, with a name instead of the entry. */
  named(site: number, answer: number): number {
    if (this.#ports.targets.matches === 0) return answer;
    const entry = entryIn(answer);
    const first = site * SITE_WORDS;
    if (this.#entries[first] === NOWHERE) this.#entries[first] = entry;
    if (this.#entries[first] === entry) return withEntry(answer, NAMED);
    this.#ports.walk.words[WalkPlace.foundEntry] = entry;
    const last = this.#entries[first + LAST_GIVEN] ?? 0;
    return withEntry(answer, this.#entries[first + last] === entry ? AGAIN : RENAMED);
  }

  /** Whether the word there may end a branch. */
  mayBranch(site: number): boolean {
    const known = this.#mayBranch[site] ?? UNKNOWN;
    if (known >>> 1 === this.#context) return (known & 1) === 1;
    const pc = this.#pcs[site] ?? 0;
    const base = pc - (pc & 3);
    const { read } = this.#ports;
    // What is in front of a page may come and go.
    const mayBranch = (base & (PAGE_BYTES - 1)) === 0 || mayEndBranch(read(base), read(base - 4));
    this.#mayBranch[site] = 2 * this.#context + (mayBranch ? 1 : 0);
    return mayBranch;
  }

  /** What the target buffer says of it, with a name for the entry, as far as asking changes nothing; `NOWHERE` if it would. */
  target(site: number): number {
    const { targets } = this.#ports;
    if (this.#targetsFrom[site] === targets.changes) return this.#targets[site] ?? NOWHERE;
    const found = targets.look(this.#pcs[site] ?? 0);
    const answer = found === undefined ? NOWHERE : this.named(site, found);
    if (isRenaming(answer)) return answer;
    this.#targets[site] = answer;
    this.#targetsFrom[site] = targets.changes;
    return answer;
  }

  /** Whether a fetch from it finds its word, and changes nothing, as long as the state is this one. */
  holds(site: number): boolean {
    return this.#thereFrom[site] === this.state;
  }

  /** What becomes of a fetch from it whose first stage is in a cycle. */
  fetch(site: number, isCertain: boolean, cycle: number): number {
    if (this.#thereFrom[site] === this.state) return THERE;
    const answer = this.#fetch(this.#pcs[site] ?? 0, isCertain, cycle);
    if (this.#isSteady) this.#thereFrom[site] = this.state;
    return answer;
  }

  /** The same of an address that need not be known. */
  fetchFrom(pc: number, isCertain: boolean, cycle: number): number {
    const site = this.#recentOf(pc);
    return site === NONE ? this.#fetch(pc, isCertain, cycle) : this.fetch(site, isCertain, cycle);
  }

  /** Asks the cache; `#isSteady` says then whether asking again would change nothing. */
  #fetch(pc: number, isCertain: boolean, cycle: number): number {
    const { side, pageOf } = this.#ports;
    const answer = side.fetch(pc, isCertain, cycle);
    this.#isSteady = answer === THERE && side.isStill(cycle);
    const page = this.#isSteady ? pageOf(pc) : this.#page;
    if (!this.#isSteady || page !== this.#page) this.outdate();
    if (this.#isSteady) this.#page = page;
    return answer;
  }
}

function placeOf(pc: number): number {
  return (pc >>> 1) & (RECENT - 1);
}

function siteArrays(capacity: number, area: StateArea) {
  return {
    pcs: area.numbers(capacity + 1),
    targets: area.numbers(capacity + 1),
    targetsFrom: area.signedWords(capacity + 1),
    thereFrom: area.signedWords(capacity + 1),
    entries: area.signedWords((capacity + 1) * SITE_WORDS),
  };
}

/** Bytes that so many addresses take. */
export function siteBytes(capacity: number): number {
  return stateBytes((area) => siteArrays(capacity, area));
}

/** Whether an answer says that the entry must get a name, since the first name of the site means another. */
export function isRenaming(answer: number): boolean {
  return answer >= 0 && entryIn(answer) >= RENAMED;
}

/** More addresses than one commit asks about. */
const MOST_OF_A_PATH = 8192;
