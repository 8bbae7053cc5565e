import type { DvRules } from '../dv-ext/index.ts';
import { type HartState, raise } from '../engine/index.ts';
import {
  Cause,
  causeName,
  type Decoded,
  interruptName,
  isVirtual,
  type Mode,
  modeNumber,
  modes,
} from '../isa/index.ts';
import { mechanismNumber, type Pipeline } from '../timing/index.ts';
import type { CoreDriver } from './core-driver.ts';
import type { CycleAccount } from './cycle-account.ts';
import type { DerivedState } from './derived-state.ts';
import type { ExitRecorder } from './exit-recorder.ts';
import {
  faultCause,
  IMPLICIT_READ_INSTRUCTION,
  IMPLICIT_WRITE_INSTRUCTION,
  type Mmu,
  type MmuFault,
} from './mmu/index.ts';
import type { MemoryTiming } from './memory-timing.ts';
import type { Observers } from './observers.ts';
import type { Progress } from './progress.ts';
import type { Reservations } from './reservations.ts';
import { environmentCall } from './system-unit.ts';
import { transformedInstruction } from './transformed-instruction.ts';
import type { ExceptionReport } from './trap-level.ts';
import type { TrapUnit } from './trap-unit.ts';

/** What the intake of traps is wired to. */
export interface TrapIntakePorts {
  readonly state: HartState;
  readonly trapUnit: TrapUnit;
  readonly mmu: Mmu;
  readonly pipeline: Pipeline;
  /** The core in stages; without it the pipeline's rules say what a trap costs. */
  readonly core: CoreDriver | undefined;
  readonly account: CycleAccount;
  readonly derived: DerivedState;
  readonly reservations: Reservations;
  readonly exits: ExitRecorder;
  readonly progress: Progress;
  readonly observers: Observers;
  /** Whether ECALL and EBREAK count as retired. */
  readonly environmentCallsRetire: boolean;
  /** Caches and TLBs, where they are modelled. */
  readonly timing?: MemoryTiming | undefined;
}

const TRAP_ENTRY = mechanismNumber['trap-entry'];

/** What an ECALL from a mode reports. */
function callFrom(mode: Mode): ExceptionReport {
  return { cause: environmentCall(mode), tval: 0n, gva: false, gpa: 0n, tinst: 0n };
}

const environmentCalls = modes.map(callFrom);

/** Takes traps: the trap unit changes the state, and everybody who keeps books learns of it. */
export class TrapIntake {
  readonly #ports: TrapIntakePorts;

  constructor(ports: TrapIntakePorts) {
    this.#ports = ports;
  }

  /** Takes the exception that a signal, or somebody who need not throw one, reports. */
  exception(report: ExceptionReport): void {
    const { state, environmentCallsRetire } = this.#ports;
    if (environmentCallsRetire && isEnvironmentCall(report.cause)) state.instret += 1;
    this.#take(report);
  }

  /** Takes the exception of an ECALL. */
  call(): void {
    this.exception(environmentCalls[modeNumber(this.#ports.derived.mode)] ?? callFrom('M'));
  }

  /** Takes the interrupt of a number. */
  interrupt(number: number): void {
    this.#take(number);
  }

  #take(source: ExceptionReport | number): void {
    const { state, trapUnit, mmu, pipeline, account, derived, reservations } = this.#ports;
    const { exits, progress, observers, core } = this.#ports;
    core?.trap(typeof source === 'number');
    const { pcHigh, pcLow, cycle: before } = state;
    const { vmid } = mmu.regimes.guest;
    const entry = trapUnit.enter(source);
    const { from, to, cause, isInterrupt } = entry;
    this.#ports.timing?.redirect(before);
    if (core === undefined) account.charge(TRAP_ENTRY, pipeline.parameters.trapEntry);
    pipeline.refetch();
    reservations.release(state);
    derived.outdateMode();
    derived.settle();
    if (isVirtual(from) && to !== 'VS') {
      const name = isInterrupt ? interruptName(cause) : causeName(cause);
      exits.left({ handler: to, cause: name, vmid, before, after: state.cycle, pcHigh, pcLow });
    } else if (isInterrupt) exits.interrupted(before);
    progress.trapped(entry, pcHigh, pcLow, before);
    const { onTrap, follower } = observers;
    if (onTrap === undefined && follower === undefined) return;
    const { lastTrap } = progress;
    if (lastTrap === undefined) return;
    onTrap?.(lastTrap);
    follower?.traps(lastTrap);
  }
}

function isEnvironmentCall(cause: number): boolean {
  switch (cause) {
    case Cause.breakpoint:
    case Cause.environmentCallFromU:
    case Cause.environmentCallFromHS:
    case Cause.environmentCallFromVS:
    case Cause.environmentCallFromM:
      return true;
    default:
      return false;
  }
}

/** Raises the exception of a failed translation or a refused access, on behalf of the instruction in execution. */
export function raiseFault(
  { kind, access, address, isGuestVirtual, guestAddress, implicit, isUpdate }: MmuFault,
  rules: DvRules | undefined,
  decoded: Decoded | undefined,
  accessStart: bigint,
): never {
  const reportsInstruction = rules?.tinst === 'on' && access !== 'fetch' && decoded !== undefined;
  const explicit = reportsInstruction
    ? transformedInstruction(decoded, Number(address - accessStart))
    : 0n;
  const pseudoinstruction = isUpdate ? IMPLICIT_WRITE_INSTRUCTION : IMPLICIT_READ_INSTRUCTION;
  return raise(faultCause(kind, access), address, {
    gva: isGuestVirtual,
    gpa: guestAddress ?? 0n,
    tinst: implicit ? pseudoinstruction : explicit,
  });
}
