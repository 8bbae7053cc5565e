import type { Configuration } from './configuration.ts';

const HIGH = 2 ** 32;
const NEVER = -1;
const UNKNOWN = -2;
const PASSED = -3;

/**
 * Finds out whether the stages hold what they did when it was asked last, with all times as they were: then they do, cycle by cycle,
 * what they did in between, until the first of those times comes. It goes through a configuration that stays where it is.
 */
export class RestFinder implements Configuration {
  /** The first cycle that something under way waits for, or `Infinity`. */
  next = Infinity;
  /** Whether everything is as it was. */
  isSame = false;
  readonly #words: number[] = [];
  #place = 0;
  #cycle = 0;

  /** Begins to go through what the stages hold in a cycle. */
  begin(cycle: number): void {
    this.#cycle = cycle;
    this.#place = 0;
    this.next = Infinity;
    this.isSame = true;
  }

  flag(value: boolean): boolean {
    this.#pass(value ? 1 : 0);
    return value;
  }

  number(value: number): number {
    this.#pass(value);
    return value;
  }

  optional(value: number | undefined): number | undefined {
    this.#pass(value ?? NEVER);
    return value;
  }

  address(value: number): number {
    this.#pass(value | 0);
    this.#pass(Math.floor(value / HIGH));
    return value;
  }

  deadline(value: number): number {
    this.#passTime(value);
    return value;
  }

  due(value: number): number {
    if (value === Infinity) this.#pass(UNKNOWN);
    else this.#passTime(value);
    return value;
  }

  instruction(value: number): number {
    this.#pass(value);
    return value;
  }

  outcome(value: number): number {
    this.#pass(value);
    return value;
  }

  entry(value: number): number {
    this.#pass(value);
    return value;
  }

  #passTime(time: number): void {
    if (time > this.#cycle && time < this.next) this.next = time;
    this.#pass(time > this.#cycle ? time : PASSED);
  }

  #pass(word: number): void {
    if (this.#words[this.#place] !== word) {
      this.#words[this.#place] = word;
      this.isSame = false;
    }
    this.#place += 1;
  }
}
