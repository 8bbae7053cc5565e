import type { Configuration } from './configuration.ts';

/** Registers whose values come late, a bit for each of 32. */
export class Scoreboard {
  #set = 0;

  /** No register waits. */
  clear(): void {
    this.#set = 0;
  }

  /** All that wait. */
  get members(): number {
    return this.#set;
  }

  has(register: number): boolean {
    return ((this.#set >>> register) & 1) !== 0;
  }

  add(register: number): void {
    this.#set |= 1 << register;
  }

  drop(register: number): void {
    this.#set &= ~(1 << register);
  }

  /** Puts them into a configuration, or takes them from there. */
  exchange(words: Configuration): void {
    this.#set = words.number(this.#set);
  }
}
