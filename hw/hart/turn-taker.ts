import { type CompiledExecution, MOST_CYCLES, READY } from './compiled-execution.ts';
import type { DerivedState } from './derived-state.ts';
import type { HartState } from '../engine/index.ts';
import type { LateLines } from './late-lines.ts';
import type { InstructionUnit } from './instruction-unit.ts';
import type { Pipeline } from '../timing/index.ts';

/** What a hart that takes turns is wired to. */
export interface TurnTakerPorts {
  readonly id: number;
  readonly state: HartState;
  readonly derived: DerivedState;
  readonly instructions: InstructionUnit;
  readonly compiled: CompiledExecution;
  readonly pipeline: Pipeline;
  /** Interrupt lines on their way. */
  readonly late: LateLines;
  /** Where the hart's memory begins. */
  readonly memoryOffset: number;
}

/** The side of a hart that takes turns with others in generated code; see `HartTeam`. */
export class TurnTaker {
  readonly #ports: TurnTakerPorts;

  constructor(ports: TurnTakerPorts) {
    this.#ports = ports;
  }

  get id(): number {
    return this.#ports.id;
  }

  /** Where the hart's memory begins, by which generated code knows it. */
  get address(): number {
    return this.#ports.memoryOffset;
  }

  get cycle(): number {
    return this.#ports.state.cycle;
  }

  get isWaiting(): boolean {
    return this.#ports.instructions.isWaiting;
  }

  /** Hands the state over to generated code, and says up to which cycle; not beyond the present if it cannot go on there. */
  join(): number {
    const { state, derived, compiled, late, pipeline } = this.#ports;
    // The hart itself looks after lines on their way.
    if (late.arePending) return state.cycle;
    // And after what waits for an access past the caches.
    if (pipeline.pending.isUnderWay(state.cycle)) return state.cycle;
    // Registers may have been changed from outside since the last turn.
    derived.settle();
    if (derived.interruptsAreStale || compiled.begin() !== READY) return state.cycle;
    // The last instruction that somebody waits for is nobody's but the hart's own.
    return state.cycle + Math.min(compiled.retirable - 1, MOST_CYCLES);
  }

  /** Gets in line for turns up to a cycle, in front of the hart whose memory begins at `next`. */
  queueUp(limit: number, next: number): void {
    this.#ports.compiled.queueUp(limit - this.cycle, next);
  }

  /** Takes the state back, generated code having come back for a reason (`Exit`); whether an instruction has begun. */
  leave(reason: number): boolean {
    const { compiled } = this.#ports;
    compiled.end(reason);
    return compiled.hasBegun;
  }
}
