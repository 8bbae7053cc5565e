import type { HartStatus } from '../../hw/hart/index.ts';
import type { Machine } from '../machine.ts';

/** Why a machine will never get anywhere. */
export type Hang = 'waiting' | 'trap storm' | 'exit storm' | 'self loop';

/** Traps without a retired instruction that no host timer tick (10 ms at most) would leave uninterrupted. */
const stormTrapCount = 2_000_000;
/** The same where nothing is left that could interrupt. */
const silentStormTrapCount = 10_000;
/** VM exits in which no guest retired a single instruction. */
const exitStormCount = 10_000;
/** Executions of a jump to itself that are surely no delay loop. */
const selfLoopCount = 10_000;
/** Looks at which every hart was found in the same endless loop, or waiting; 50 million cycles apart, all in all. */
const sameLoopLooks = 500;
/** Looks that one look elsewhere undoes: a timer tick of the host may be under way at any time. */
const otherLookWeight = 5;

/** Watches a run from outside: looks at the harts now and then, and says when they can get nowhere. */
export class Watchdog {
  readonly #machine: Machine;
  #loop = '';
  #loopLooks = 0;
  #guestInstructions = 0;
  #exits = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Looks at the machine; `isDeadlock` says that every hart waits and no event is left. */
  look(isDeadlock: boolean): Hang | undefined {
    if (isDeadlock) return 'waiting';
    const statuses = this.#machine.harts.map(({ status }) => status);
    if (this.#isTrapStorm(statuses)) return 'trap storm';
    if (this.#isExitStorm()) return 'exit storm';
    return this.#isSelfLoop(statuses) ? 'self loop' : undefined;
  }

  #isTrapStorm(statuses: readonly HartStatus[]): boolean {
    const limit = this.#machine.hasNoEvents ? silentStormTrapCount : stormTrapCount;
    return statuses.some(({ trapsInARow }) => trapsInARow >= limit);
  }

  /** Guests that are entered again and again, and trap before they have done anything. */
  #isExitStorm(): boolean {
    const { harts } = this.#machine;
    const instructions = harts.reduce((sum, { account: { tree } }) => {
      return sum + tree.at('VS', 'issue') + tree.at('VU', 'issue');
    }, 0);
    const exits = harts
      .flatMap((hart) => hart.exits.summaries())
      .reduce((sum, { total }) => sum + total.count, 0);
    if (instructions !== this.#guestInstructions) {
      this.#guestInstructions = instructions;
      this.#exits = exits;
    }
    return exits - this.#exits >= exitStormCount;
  }

  /** Every hart jumps to itself or waits: for good if nothing can interrupt it, else after a long time. */
  #isSelfLoop(statuses: readonly HartStatus[]): boolean {
    if (statuses.every(({ isWaiting }) => isWaiting)) return false;
    if (this.#machine.hasNoEvents)
      return statuses.every((status) => isStuck(status, selfLoopCount));
    const places = statuses.map(({ mode, pc, isWaiting }) => {
      return isWaiting ? 'wfi' : `${mode} ${pc.toString(16)}`;
    });
    const loop = statuses.every((status) => isStuck(status, 1)) ? places.join() : '';
    if (loop !== '' && (loop === this.#loop || this.#loopLooks === 0)) {
      this.#loop = loop;
      this.#loopLooks += 1;
    } else this.#loopLooks = Math.max(0, this.#loopLooks - otherLookWeight);
    return this.#loopLooks >= sameLoopLooks;
  }
}

function isStuck(status: HartStatus, loopCount: number): boolean {
  return status.isWaiting || status.selfLoopCount >= loopCount;
}
