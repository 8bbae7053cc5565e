import type { DvRules } from '../dv-ext/index.ts';
import { type HartState, raise } from '../engine/index.ts';
import { Cause, type Decoded, type Mode, modeNumber, modes } from '../isa/index.ts';
import { mechanismNumber, type Pipeline } from '../timing/index.ts';
import type { CoreDriver } from './core-driver.ts';
import type { CycleAccount } from './cycle-account.ts';
import type { DerivedState } from './derived-state.ts';
import {
  faultCause,
  IMPLICIT_READ_INSTRUCTION,
  IMPLICIT_WRITE_INSTRUCTION,
  type MmuFault,
} from './mmu/index.ts';
import type { MemoryTiming } from './memory-timing.ts';
import type { Reservations } from './reservations.ts';
import { environmentCall } from './system-unit.ts';
import { transformedInstruction } from './transformed-instruction.ts';
import type { ExceptionReport } from './trap-level.ts';
import type { TransitionBooks } from './transitions/transition-books.ts';
import type { TrapEntry, TrapUnit } from './trap-unit.ts';

/** What the intake of traps is wired to. */
export interface TrapIntakePorts {
  readonly state: HartState;
  readonly trapUnit: TrapUnit;
  readonly pipeline: Pipeline;
  /** The core in stages; without it the pipeline's rules say what a trap costs. */
  readonly core: CoreDriver | undefined;
  readonly account: CycleAccount;
  readonly derived: DerivedState;
  readonly reservations: Reservations;
  readonly books: TransitionBooks;
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
    this.#take(report, this.#ports.environmentCallsRetire && isEnvironmentCall(report.cause));
  }

  /** Takes the exception of an ECALL by a trap unit. */
  call(trapUnit: TrapUnit): TrapEntry {
    const { environmentCallsRetire, derived } = this.#ports;
    const report = environmentCalls[modeNumber(derived.mode)] ?? callFrom('M');
    return this.#take(report, environmentCallsRetire, trapUnit);
  }

  /** Takes the interrupt of a number. */
  interrupt(number: number): void {
    this.#take(number, false);
  }

  #take(
    source: ExceptionReport | number,
    retires: boolean,
    trapUnit = this.#ports.trapUnit,
  ): TrapEntry {
    const { state, pipeline, account, derived, reservations } = this.#ports;
    const { books, core } = this.#ports;
    if (retires) state.instret += 1;
    core?.trap(typeof source === 'number', retires);
    const { pcHigh, pcLow, cycle: before } = state;
    const entry = trapUnit.enter(source);
    this.#ports.timing?.redirect(before);
    if (core === undefined) account.charge(TRAP_ENTRY, pipeline.parameters.trapEntry);
    pipeline.refetch();
    reservations.release(state);
    derived.outdateMode();
    derived.settle();
    books.trapped(entry, pcHigh, pcLow, { before, after: state.cycle });
    return entry;
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
