import { type BranchTargetBuffer, sourceOf } from '../branch-target-buffer.ts';
import type { FetchSites } from '../fetch-sites.ts';
import { NOTHING } from '../surroundings.ts';

/** What checks are wired to. */
export interface PathCheckPorts {
  readonly sites: FetchSites;
  readonly targets: BranchTargetBuffer;
  /** Memory for the state of the caches of instructions as of which each check held. */
  readonly checked: Int32Array;
}

/** What a piece of a function takes for granted: that the target buffer gives such answers, and that fetches find their words. */
export interface Granted {
  readonly targets: readonly {
    readonly site: number;
    readonly pc: number;
    readonly answer: number;
  }[];
  /** The sites of the fetches. */
  readonly fetches: readonly number[];
}

interface Check {
  readonly number: number;
  readonly answers: readonly Answer[];
  readonly fetches: readonly number[];
  /** How many of the answers are others now. */
  wrong: number;
  /** As of which state of the caches of instructions all fetches found their words. */
  state: number;
}

/** A site about which checks take an answer of the target buffer for granted. */
interface AskedSite {
  readonly site: number;
  readonly source: number;
  /** The answer as far as it is known here, and those that checks want. */
  given: number;
  readonly answers: Map<number, Answer>;
}

/** An answer of the target buffer that checks take for granted. */
interface Answer {
  readonly asked: AskedSite;
  readonly answer: number;
  readonly checks: Set<Check>;
}

const WORD_BYTES = 4;
/** The most checks. */
export const MOST_CHECKS = 2 ** 15;

/**
 * What pieces of translated functions take for granted, each in one word of memory: the state of the caches of instructions as of which
 * it is so. Where the target buffer changes its answer, the word becomes `NOTHING` until it gives the old one again.
 */
export class PathChecks {
  readonly #ports: PathCheckPorts;
  readonly #checks = new Map<number, Check>();
  readonly #free: number[] = [];
  /** Those that checks are about, by what the target buffer tells addresses apart by. */
  readonly #asked = new Map<number, AskedSite[]>();

  constructor(ports: PathCheckPorts) {
    this.#ports = ports;
    ports.targets.onChange = (source) => {
      if (source !== undefined) this.#lookAtAll(this.#asked.get(source) ?? []);
      else for (const sites of this.#asked.values()) this.#lookAtAll(sites);
    };
    this.clear();
  }

  clear(): void {
    this.#checks.clear();
    this.#asked.clear();
    this.#free.length = 0;
    for (let number = MOST_CHECKS - 1; number >= 0; number -= 1) this.#free.push(number);
  }

  /** How many more there is room for. */
  get room(): number {
    return this.#free.length;
  }

  /** Adds a check, of which nothing is known yet: its number, and where its word is. */
  add({ targets, fetches }: Granted): { readonly number: number; readonly state: number } {
    const number = this.#free.pop();
    if (number === undefined) throw new RangeError('there is no room for another check');
    const answers = [...new Set(targets.map((target) => this.#answer(target)))];
    const wrong = answers.filter(({ asked, answer }) => asked.given !== answer).length;
    const check: Check = { number, answers, fetches, wrong, state: NOTHING };
    for (const answer of answers) answer.checks.add(check);
    this.#checks.set(number, check);
    const { checked } = this.#ports;
    checked[number] = NOTHING;
    return { number, state: checked.byteOffset + WORD_BYTES * number };
  }

  /** Forgets a check. */
  remove(number: number): void {
    const check = this.#checks.get(number);
    if (check === undefined) return;
    for (const answer of check.answers) {
      answer.checks.delete(check);
      if (answer.checks.size === 0) this.#forget(answer);
    }
    this.#checks.delete(number);
    this.#free.push(number);
  }

  /** Whether everything is so that a check takes for granted; nothing changes by asking. */
  holds(number: number): boolean {
    const check = this.#checks.get(number);
    if (check === undefined) return false;
    // The names of entries may have changed.
    if (check.wrong > 0) for (const { asked } of check.answers) this.#look(asked);
    const { sites, checked } = this.#ports;
    if (check.wrong > 0) return false;
    const { state } = sites;
    if (check.state !== state && !check.fetches.every((site) => sites.holds(site))) return false;
    check.state = state;
    checked[number] = state;
    return true;
  }

  #answer({ site, pc, answer }: Granted['targets'][number]): Answer {
    const source = sourceOf(pc);
    const known = this.#asked.get(source) ?? [];
    this.#asked.set(source, known);
    let asked = known.find((other) => other.site === site);
    if (asked !== undefined) this.#look(asked);
    else {
      asked = { site, source, given: this.#ports.sites.target(site), answers: new Map() };
      known.push(asked);
    }
    const found = asked.answers.get(answer) ?? { asked, answer, checks: new Set() };
    asked.answers.set(answer, found);
    return found;
  }

  /** Nobody takes an answer for granted any more. */
  #forget({ asked, answer }: Answer): void {
    asked.answers.delete(answer);
    if (asked.answers.size > 0) return;
    const others = this.#asked.get(asked.source)?.filter((other) => other !== asked);
    this.#asked.set(asked.source, others ?? []);
  }

  #lookAtAll(sites: readonly AskedSite[]): void {
    for (const asked of sites) this.#look(asked);
  }

  /** Finds out which answer is given now. */
  #look(asked: AskedSite): void {
    const { given, answers } = asked;
    const now = this.#ports.sites.target(asked.site);
    if (now === given) return;
    asked.given = now;
    this.#count(answers.get(given), 1);
    this.#count(answers.get(now), -1);
  }

  /** An answer is given that was not, or no more: so many more answers are wrong for those that take it for granted. */
  #count(answer: Answer | undefined, wrong: 1 | -1): void {
    if (answer === undefined) return;
    const { checked } = this.#ports;
    for (const check of answer.checks) {
      check.wrong += wrong;
      checked[check.number] = check.wrong > 0 ? NOTHING : check.state;
    }
  }
}
