import { type CompiledCode, Exit, NO_HART } from '../engine/index.ts';
import type { Team } from '../kernel/index.ts';
import type { TurnTaker } from './turn-taker.ts';

/** More than there are reasons, and less than the distance of two harts' memories. */
const EXITS = 16;

/**
 * Harts that take turns, instruction by instruction, in generated code: what the scheduler would do with them, without coming
 * back for each. It ends as soon as one of them needs somebody else.
 */
export class HartTeam implements Team {
  readonly #code: CompiledCode;
  readonly #harts: readonly TurnTaker[];
  readonly #ticksPerCycle: number;
  /** Those that take part this time, in the order of the harts. */
  readonly #members: TurnTaker[] = [];

  /** Takes the harts of one clock in the order of their ids. */
  constructor(code: CompiledCode, harts: readonly TurnTaker[], ticksPerCycle: number) {
    this.#code = code;
    this.#harts = harts;
    this.#ticksPerCycle = ticksPerCycle;
  }

  takeTurns(tick: number): number | undefined {
    const earliest = this.#earliest();
    if (earliest === undefined) return undefined;
    const { flushCount } = this.#code.pages;
    const limit = this.#gather(earliest, Math.ceil(tick / this.#ticksPerCycle));
    const members = this.#members;
    const isAlone = members.length < 2 || limit <= earliest.cycle;
    // What was found for the first may have moved when that of the last was sought.
    if (isAlone || this.#code.pages.flushCount !== flushCount) return undefined;
    members.sort(byTurn);
    let next: number = NO_HART;
    for (let index = members.length - 1; index >= 0; index -= 1) {
      const member = members[index];
      if (member === undefined) continue;
      member.queueUp(limit, next);
      next = member.address;
    }
    return this.#disband(this.#code.takeTurns(next, members.at(-1)?.address ?? next));
  }

  /** The hart whose turn it is, if another one runs too. */
  #earliest(): TurnTaker | undefined {
    let earliest: TurnTaker | undefined;
    let count = 0;
    for (const hart of this.#harts) {
      if (hart.isWaiting) continue;
      count += 1;
      if (earliest === undefined || hart.cycle < earliest.cycle) earliest = hart;
    }
    return count > 1 ? earliest : undefined;
  }

  /** Finds who takes part, and up to which cycle nobody else has to be asked. */
  #gather(earliest: TurnTaker, until: number): number {
    const members = this.#members;
    members.length = 0;
    let limit = Math.min(until, earliest.join());
    if (limit <= earliest.cycle) return limit;
    for (const hart of this.#harts) {
      if (hart.isWaiting || hart.cycle >= limit) continue;
      const most = hart === earliest ? limit : hart.join();
      if (most > hart.cycle) members.push(hart);
      limit = Math.min(limit, most);
    }
    return limit;
  }

  /**
   * Lets all of them take their state back, generated code having come back with the sum of a hart's address and a reason; the
   * id of the one that is in the middle of an instruction, if any is.
   */
  #disband(result: number): number | undefined {
    let begun: number | undefined;
    for (const member of this.#members) {
      const reason = result - member.address;
      const isLast = reason >= 0 && reason < EXITS;
      if (member.leave(isLast ? reason : Exit.limit)) begun = member.id;
    }
    return begun;
  }
}

/** Orders harts by whose turn it is. */
function byTurn(one: TurnTaker, other: TurnTaker): number {
  return one.cycle - other.cycle || one.address - other.address;
}
