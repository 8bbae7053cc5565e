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

/** An answer of the target buffer that checks take for granted. */
interface Answer {
  readonly site: number;
  readonly source: number;
  readonly answer: number;
  isGiven: boolean;
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
  /** By what the target buffer tells addresses apart by. */
  readonly #answers = new Map<number, Answer[]>();

  constructor(ports: PathCheckPorts) {
    this.#ports = ports;
    ports.targets.onChange = (source) => {
      if (source === undefined) for (const answers of this.#answers.values()) this.#look(answers);
      else this.#look(this.#answers.get(source) ?? []);
    };
    this.clear();
  }

  clear(): void {
    this.#checks.clear();
    this.#answers.clear();
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
    const wrong = answers.filter(({ isGiven }) => !isGiven).length;
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
      if (answer.checks.size > 0) continue;
      const others = this.#answers.get(answer.source)?.filter((other) => other !== answer);
      this.#answers.set(answer.source, others ?? []);
    }
    this.#checks.delete(number);
    this.#free.push(number);
  }

  /** Whether everything is so that a check takes for granted; nothing changes by asking. */
  holds(number: number): boolean {
    const check = this.#checks.get(number);
    if (check === undefined) return false;
    // The names of entries may have changed.
    if (check.wrong > 0) this.#look(check.answers);
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
    const known = this.#answers.get(source) ?? [];
    this.#answers.set(source, known);
    let found = known.find((other) => other.site === site && other.answer === answer);
    if (found === undefined) {
      const isGiven = this.#ports.sites.target(site) === answer;
      found = { site, source, answer, isGiven, checks: new Set() };
      known.push(found);
    }
    return found;
  }

  /** Finds out which answers are given now. */
  #look(answers: readonly Answer[]): void {
    const { sites, checked } = this.#ports;
    for (const answer of answers) {
      const isGiven = sites.target(answer.site) === answer.answer;
      if (isGiven === answer.isGiven) continue;
      answer.isGiven = isGiven;
      for (const check of answer.checks) {
        check.wrong += isGiven ? -1 : 1;
        checked[check.number] = check.wrong > 0 ? NOTHING : check.state;
      }
    }
  }
}
