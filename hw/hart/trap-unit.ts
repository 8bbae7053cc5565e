import { modeOf } from '../isa/index.ts';
import type { Mode } from '../isa/index.ts';
import type { HartState, ReturnInstruction } from '../engine/index.ts';
import type { ExceptionReport, TrapLevel, TrapLevelPorts } from './trap-level.ts';
import { GuestLevel, HandlerLevel, MachineLevel, SupervisorLevel } from './trap-levels.ts';
import { TrapRouting, type TrapTarget } from './trap-routing.ts';

/** A trap that has been taken. */
export interface TrapEntry {
  readonly from: Mode;
  readonly to: TrapTarget;
  readonly cause: number;
  readonly isInterrupt: boolean;
  readonly tval: bigint;
}

/** A trap return that has been carried out. */
export interface TrapReturn {
  readonly from: Mode;
  readonly to: Mode;
}

/**
 * Takes traps and returns from them: everything that happens to CSRs, privilege level, V and pc then. Who asks for it tells
 * `DerivedState.outdateMode`.
 */
export class TrapUnit {
  readonly #state: HartState;
  readonly #routing: TrapRouting;
  readonly #levels: Readonly<Record<TrapTarget, TrapLevel>>;

  constructor(ports: TrapLevelPorts) {
    this.#state = ports.state;
    this.#routing = new TrapRouting(ports.csrs, ports.rules);
    this.#levels = {
      M: new MachineLevel(ports),
      HS: new SupervisorLevel(ports),
      HU: new HandlerLevel(ports),
      VS: new GuestLevel(ports),
    };
  }

  /** The mode that the hart is in. */
  get mode(): Mode {
    return modeOf(this.#state.privilege, this.#state.virtual);
  }

  /** Takes an exception, or the interrupt of a number; `state.pc` is what the trap is to report. */
  enter(source: ExceptionReport | number): TrapEntry {
    const from = this.mode;
    const isInterrupt = typeof source === 'number';
    const report = isInterrupt ? interruptReport(source) : source;
    const { cause, tval } = report;
    const routing = this.#routing;
    const to = isInterrupt ? routing.interrupt(cause, from) : routing.exception(cause, from);
    this.#levels[to].enter(report, isInterrupt, from);
    return { from, to, cause, isInterrupt, tval };
  }

  /** Carries out a trap return that the instruction's guard allows. */
  returnFrom(instruction: ReturnInstruction): TrapReturn {
    const from = this.mode;
    this.#levels[returnedLevel(instruction, from)].leave();
    return { from, to: this.mode };
  }
}

/** The level from whose trap an instruction returns. */
function returnedLevel(instruction: ReturnInstruction, from: Mode): TrapTarget {
  if (instruction === 'mret') return 'M';
  if (instruction === 'huret') return 'HU';
  return from === 'VS' ? 'VS' : 'HS';
}

function interruptReport(cause: number): ExceptionReport {
  return { cause, tval: 0n, gva: false, gpa: 0n, tinst: 0n };
}
