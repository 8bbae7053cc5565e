import type { Configuration } from './configuration.ts';
import { Scoreboard } from './scoreboard.ts';
import { dividerIterations } from './divider-operands.ts';
import { Control, floatDestinationOf, floatUnitOf, Unit } from './control-word.ts';

/** Cycles from execute to the write of the result, of the units that have a pipeline. */
const latencies = new Int32Array(Object.keys(Unit).length);
latencies[Unit.fast] = 2;
latencies[Unit.single] = 3;
latencies[Unit.double] = 4;

function latencyOf(control: number): number {
  return latencies[floatUnitOf(control)] ?? 0;
}

/** A unit with a latency above this holds its destination in the scoreboard. */
const LONGEST_WITHOUT_SCOREBOARD = 3;
const WRITE_SLOTS = 3;
const NOWHERE = -1;

/**
 * The floating-point unit's pipelines, their one write port and the iterative divider, as far as they hold up instructions
 * (rocket-chip, FPU.scala; hardfloat's small divider).
 */
export class FloatPipes {
  /** Destination of each result that will be written in 0, 1 or 2 cycles, or `NOWHERE`; and whether the scoreboard has it. */
  readonly #writes = new Int32Array(WRITE_SLOTS).fill(NOWHERE);
  readonly #scored = new Uint8Array(WRITE_SLOTS);
  readonly #scoreboard = new Scoreboard();
  #portIsBusy = false;
  #dividerDestination = NOWHERE;
  #dividerEnd = 0;
  /** Destination of a result that is written while the next division starts. */
  #finishing = NOWHERE;

  /** Nothing under way. */
  reset(): void {
    this.#writes.fill(NOWHERE);
    this.#scored.fill(0);
    this.#scoreboard.clear();
    this.#portIsBusy = false;
    this.#dividerDestination = NOWHERE;
    this.#dividerEnd = 0;
    this.#finishing = NOWHERE;
  }

  /** Puts what is under way into a configuration, or takes it from there. */
  exchange(words: Configuration): void {
    for (let slot = 0; slot < WRITE_SLOTS; slot++) {
      this.#writes[slot] = words.number(this.#writes[slot] ?? NOWHERE);
      this.#scored[slot] = words.number(this.#scored[slot] ?? 0);
    }
    this.#scoreboard.exchange(words);
    this.#portIsBusy = words.flag(this.#portIsBusy);
    this.#dividerDestination = words.number(this.#dividerDestination);
    this.#finishing = words.number(this.#finishing);
    if (this.#dividerDestination !== NOWHERE) this.#dividerEnd = words.due(this.#dividerEnd);
  }

  /** Registers that wait for a result that comes late, a bit for each. */
  get scored(): number {
    return this.#scoreboard.members;
  }

  /** Whether the divider is at work in a cycle. */
  isDividing(cycle: number): boolean {
    return this.#dividerDestination !== NOWHERE && cycle < this.#dividerEnd;
  }

  /** Whether a result is on its way to the registers. */
  get isWriting(): boolean {
    const writes = this.#writes;
    return writes[0] !== NOWHERE || writes[1] !== NOWHERE || writes[2] !== NOWHERE;
  }

  /** Whether the instruction in the memory stage must be repeated. */
  refuses(control: number, cycle: number): boolean {
    if (this.#portIsBusy || this.isDividing(cycle)) return true;
    return floatUnitOf(control) === Unit.divider && this.isWriting;
  }

  /** The scoreboard takes the destination of an instruction that is written back. */
  score(control: number, registers: number): void {
    const isLate =
      floatUnitOf(control) === Unit.divider || latencyOf(control) > LONGEST_WITHOUT_SCOREBOARD;
    const destination = floatDestinationOf(registers);
    if (isLate && destination >= 0) this.#scoreboard.add(destination);
  }

  /** A load's destination waits for memory. */
  scoreLoad(register: number): void {
    this.#scoreboard.add(register);
  }

  /** What a load waited for has come. */
  clearLoad(register: number): void {
    this.#scoreboard.drop(register);
  }

  /** Starts the divider in the memory stage, whose operands have a number. */
  divide(control: number, registers: number, operands: number, cycle: number): void {
    const iterations = dividerIterations(control, operands);
    this.#finishing = this.#dividerDestination;
    this.#dividerDestination = Math.max(NOWHERE, floatDestinationOf(registers));
    this.#dividerEnd = cycle + iterations;
  }

  /**
   * Ends a cycle. `memory` and its registers are of the instruction that goes through the memory stage, `execute` of the one in the
   * stage before it, whether or not they go on; 0 if there is none.
   */
  tick(
    cycle: number,
    memory: number,
    memoryRegisters: number,
    memoryGoesOn: boolean,
    execute: number,
  ): void {
    // Mostly nothing is under way.
    const isFloat = (execute & Control.isFloat) !== 0;
    const isFree = !this.isWriting && this.#dividerDestination === NOWHERE;
    if (isFree && this.#finishing === NOWHERE && !isFloat) {
      if (floatUnitOf(memory) === Unit.none) return;
    }
    const memoryLatency = latencyOf(memory);
    if (isFloat) {
      const latency = latencyOf(execute);
      const meets = memoryLatency > 0 && memoryLatency - 2 === latency - 1;
      const waits = latency < WRITE_SLOTS && latency > 0 && this.#writes[latency] !== NOWHERE;
      this.#portIsBusy = latency > 0 && (meets || waits);
    }
    if (this.#writes[0] !== NOWHERE && this.#scored[0] === 1) {
      this.#scoreboard.drop(this.#writes[0] ?? 0);
    }
    if (this.#finishing !== NOWHERE) {
      this.#scoreboard.drop(this.#finishing);
      this.#finishing = NOWHERE;
    }
    if (this.#dividerDestination !== NOWHERE && cycle >= this.#dividerEnd) {
      this.#scoreboard.drop(this.#dividerDestination);
      this.#dividerDestination = NOWHERE;
    }
    this.#writes.copyWithin(0, 1);
    this.#scored.copyWithin(0, 1);
    this.#writes[WRITE_SLOTS - 1] = NOWHERE;
    this.#scored[WRITE_SLOTS - 1] = 0;
    if (memoryLatency > 0 && memoryGoesOn) {
      this.#writes[memoryLatency - 2] = Math.max(NOWHERE, floatDestinationOf(memoryRegisters));
      this.#scored[memoryLatency - 2] = memoryLatency > LONGEST_WITHOUT_SCOREBOARD ? 1 : 0;
    }
  }
}
