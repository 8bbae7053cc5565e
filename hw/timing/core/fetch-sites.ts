import { type StateArea, stateBytes } from '../memory/index.ts';
import { fetchAnswerThatWaits, FetchOutcome } from './fetch-answer.ts';
import { mayEndBranch } from './fetch-scan.ts';
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

const NOWHERE = -1;
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
  readonly #mayBranch: Uint8Array;
  readonly #targets: Float64Array;
  readonly #targetsFrom: Int32Array;
  readonly #thereFrom: Int32Array;
  #count = 0;
  #page = NOWHERE;

  constructor(capacity: number, ports: FetchSitePorts, area: StateArea) {
    this.#ports = ports;
    this.#capacity = capacity;
    const { pcs, targets, mayBranch, targetsFrom, thereFrom } = siteArrays(capacity, area);
    this.#pcs = pcs;
    this.#targets = targets;
    this.#mayBranch = mayBranch;
    this.#targetsFrom = targetsFrom;
    this.#thereFrom = thereFrom;
    this.state = 1;
    ports.walk.link({
      sitePcs: this.#pcs.byteOffset,
      siteTargets: this.#targets.byteOffset,
      siteTargetsFrom: this.#targetsFrom.byteOffset,
      siteThereFrom: this.#thereFrom.byteOffset,
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
    const known = this.#numbers.get(pc);
    if (known !== undefined) return known;
    this.#count += 1;
    const site = this.#count;
    this.#numbers.set(pc, site);
    const base = pc - (pc % 4);
    this.#pcs[site] = pc;
    const { read } = this.#ports;
    // What is in front of a page may come and go.
    const mayBranch = base % PAGE_BYTES === 0 || mayEndBranch(read(base), read(base - 4));
    this.#mayBranch[site] = mayBranch ? 1 : 0;
    this.#targetsFrom[site] = NOWHERE;
    this.#thereFrom[site] = 0;
    return site;
  }

  /** Whether the word there may end a branch. */
  mayBranch(site: number): boolean {
    return this.#mayBranch[site] === 1;
  }

  /** What the target buffer says of it, as far as asking changes nothing; `NOWHERE` if it would. */
  target(site: number): number {
    const { targets } = this.#ports;
    if (this.#targetsFrom[site] !== targets.changes) {
      this.#targets[site] = targets.look(this.#pcs[site] ?? 0) ?? NOWHERE;
      this.#targetsFrom[site] = targets.changes;
    }
    return this.#targets[site] ?? NOWHERE;
  }

  /** Whether a fetch from it finds its word, and changes nothing, as long as the state is this one. */
  holds(site: number): boolean {
    return this.#thereFrom[site] === this.state;
  }

  /** What becomes of a fetch from it whose first stage is in a cycle. */
  fetch(site: number, isCertain: boolean, cycle: number): number {
    if (this.#thereFrom[site] === this.state) return THERE;
    const { side, pageOf } = this.#ports;
    const pc = this.#pcs[site] ?? 0;
    const answer = side.fetch(pc, isCertain, cycle);
    if (answer !== THERE || !side.isStill(cycle)) {
      this.outdate();
      return answer;
    }
    const page = pageOf(pc);
    if (page !== this.#page) {
      this.outdate();
      this.#page = page;
    }
    this.#thereFrom[site] = this.state;
    return answer;
  }
}

function siteArrays(capacity: number, area: StateArea) {
  return {
    pcs: area.numbers(capacity + 1),
    targets: area.numbers(capacity + 1),
    mayBranch: area.flags(capacity + 1),
    targetsFrom: area.signedWords(capacity + 1),
    thereFrom: area.signedWords(capacity + 1),
  };
}

/** Bytes that so many addresses take. */
export function siteBytes(capacity: number): number {
  return stateBytes((area) => siteArrays(capacity, area));
}

/** More addresses than one commit asks about. */
const MOST_OF_A_PATH = 8192;
