import type { EventQueue } from './event-queue.ts';
import type { Runner, Team } from './runner.ts';
import { checkedTick, maximumTick } from './time.ts';

/**
 * How far a runner may run ahead of the others: `exact` keeps every effect between runners at its own tick; a number
 * of ticks lets each runner go on to the next multiple of it, which is faster and delays such effects.
 */
export type Quantum = 'exact' | number;

/** Why `run` came back. */
export type RunOutcome<Reason> =
  | { readonly kind: 'stopped'; readonly reason: Reason }
  /** The tick given to `run` was reached. */
  | { readonly kind: 'limit' }
  /** Every runner waits and no event will ever change an input. */
  | { readonly kind: 'deadlock' };

/**
 * Interleaves runners and events: always the runner with the smallest local time (at equal times the lowest id),
 * up to the next event that could touch its inputs. Runners that wait cost nothing.
 */
export class Scheduler<Reason = string> {
  readonly queue: EventQueue;
  readonly quantum: Quantum;
  readonly #runners: readonly Runner[];
  readonly #team: Team | undefined;
  #stop: { readonly reason: Reason } | undefined;
  #sliceCount = 0;

  /** A `team` lets the same runners take turns, unless they run ahead anyway. */
  constructor(
    queue: EventQueue,
    runners: readonly Runner[],
    quantum: Quantum = 'exact',
    team?: Team,
  ) {
    if (quantum !== 'exact' && checkedTick(quantum, 'quantum') === 0) {
      throw new RangeError('quantum: 0 ticks is too short, 1 is the least');
    }
    this.queue = queue;
    this.quantum = quantum;
    this.#team = quantum === 'exact' ? team : undefined;
    this.#runners = [...runners].sort((a, b) => a.id - b.id);
  }

  /** How often a runner was run. */
  get sliceCount(): number {
    return this.#sliceCount;
  }

  /** Ends the run at the present tick: the step or event under way is completed. The first reason stays. */
  stop(reason: Reason): void {
    this.#stop ??= { reason };
    this.queue.interrupt(this.queue.now);
  }

  /**
   * Lets time pass until somebody stops it, every runner is at `until` or nothing can happen any more. The present
   * is then the tick before which everything has happened.
   */
  run(until: number = maximumTick): RunOutcome<Reason> {
    checkedTick(until, 'limit');
    for (;;) {
      const runner = this.#earliest();
      const eventTime = this.queue.nextTime;
      const time = Math.min(eventTime, runner?.localTime ?? Infinity);
      if (this.#stop !== undefined) {
        const { reason } = this.#stop;
        this.#stop = undefined;
        this.queue.advance(time === Infinity ? this.#latest() : time);
        return { kind: 'stopped', reason };
      }
      if (time === Infinity && (this.#runners.length > 0 || until === maximumTick)) {
        this.queue.advance(this.#latest());
        return { kind: 'deadlock' };
      }
      if (time >= until) {
        this.queue.advance(until);
        return { kind: 'limit' };
      }
      const bound = Math.min(eventTime, until);
      if (runner === undefined || eventTime <= runner.localTime) this.queue.step();
      else if (this.#team === undefined)
        this.#runSlice(runner, Math.min(this.#boundOf(runner), bound));
      else this.#runTogether(this.#team, bound);
    }
  }

  #earliest(): Runner | undefined {
    let earliest: Runner | undefined;
    for (const runner of this.#runners) {
      if (!runner.isWaiting && (earliest === undefined || runner.localTime < earliest.localTime)) {
        earliest = runner;
      }
    }
    return earliest;
  }

  /** Local time of the runner that came farthest; the present if there is none. */
  #latest(): number {
    return this.#runners.reduce((time, { localTime }) => Math.max(time, localTime), this.queue.now);
  }

  #boundOf(runner: Runner): number {
    if (this.quantum !== 'exact') {
      return (Math.floor(runner.localTime / this.quantum) + 1) * this.quantum;
    }
    let bound = Infinity;
    for (const other of this.#runners) {
      if (other !== runner && !other.isWaiting) {
        // A lower id goes first at equal times, so it may still begin a step at the other's time.
        bound = Math.min(bound, runner.id < other.id ? other.localTime + 1 : other.localTime);
      }
    }
    return bound;
  }

  /** Lets the team take turns, and then the runner that it leaves off at take a slice. */
  #runTogether(team: Team, bound: number): void {
    const begun = team.takeTurns(bound);
    if (begun !== undefined) {
      const runner = this.#runners.find(({ id }) => id === begun);
      if (runner !== undefined) this.#runSlice(runner, runner.localTime + 1);
      return;
    }
    const runner = this.#earliest();
    if (this.#stop !== undefined || runner === undefined || runner.localTime >= bound) return;
    this.#runSlice(runner, Math.min(this.#boundOf(runner), bound));
  }

  #runSlice(runner: Runner, bound: number): void {
    const before = runner.localTime;
    this.#sliceCount++;
    this.queue.runAhead(runner, bound);
    if (runner.localTime === before && !runner.isWaiting && this.#stop === undefined) {
      throw new Error(`runner ${String(runner.id)} makes no progress at tick ${String(before)}`);
    }
  }
}
