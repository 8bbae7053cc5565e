import { mechanismNumber } from '../mechanisms.ts';
import type { DataPipe } from './data-pipe.ts';
import type { FloatPipes } from './float-pipes.ts';
import { waitsForExecute, waitsForMemory, waitsForWriteBack } from './hazards.ts';
import type { InstructionView } from './instruction-view.ts';
import type { Multiplier } from './multiplier.ts';
import type { Scoreboard } from './scoreboard.ts';

/** The units that an instruction in decode may have to wait for. */
export interface InterlockPorts {
  readonly data: DataPipe;
  readonly float: FloatPipes;
  readonly multiplier: Multiplier;
  /** Integer registers whose values come late. */
  readonly scoreboard: Scoreboard;
}

/** What is ahead of decode in a cycle. */
export interface Ahead {
  readonly execute: InstructionView | undefined;
  readonly memory: InstructionView | undefined;
  readonly last: InstructionView | undefined;
  /** Memory has not answered the last. */
  readonly misses: boolean;
  /** The register that is written late in this cycle, or -1. */
  readonly cleared: number;
  /** The instruction in write-back writes a register. */
  readonly portIsTaken: boolean;
  /** A fence or an acquiring access is on its way. */
  readonly isFencing: boolean;
  /** A PAUSE is not over. */
  readonly isPausing: boolean;
  readonly cycle: number;
}

/** Nothing keeps an instruction in decode. */
export const NO_STALL = -1;

const LOAD_USE = mechanismNumber['load-use'];
const CSR_USE = mechanismNumber['csr-use'];
const MULTIPLY_DIVIDE = mechanismNumber['multiply-divide'];
const { float: FLOAT, jump: JUMP, fence: FENCE, wait: WAIT } = mechanismNumber;
const DATA_CACHE = mechanismNumber['data-cache'];

/** Says what keeps an instruction in decode (rocket-chip, RocketCore.scala, ctrl_stalld). */
export class Interlock {
  readonly #ports: InterlockPorts;

  constructor(ports: InterlockPorts) {
    this.#ports = ports;
  }

  /** The mechanism that an instruction in decode waits for, or `NO_STALL`. */
  stall(view: InstructionView, ahead: Ahead): number {
    const { data, multiplier } = this.#ports;
    const { execute, memory, last, misses, portIsTaken, cycle } = ahead;
    if (ahead.isPausing) return WAIT;
    if (execute !== undefined && waitsForExecute(view, execute)) return resultReason(execute);
    if (memory !== undefined && waitsForMemory(view, memory)) return resultReason(memory);
    if (last !== undefined && waitsForWriteBack(view, last, misses)) return resultReason(last);
    if (this.#waitsForInteger(view, ahead.cleared)) return MULTIPLY_DIVIDE;
    if (this.#waitsForFloat(view)) return FLOAT;
    if (view.isFloatCsr && !this.#flagsAreSettled(ahead)) return FLOAT;
    if (view.memory !== 'none' && data.blocksDecode) return data.waitsFor ?? DATA_CACHE;
    if (view.arithmetic !== undefined) {
      const isFree = !multiplier.isBusy || (multiplier.isDone(cycle) && !portIsTaken);
      if (!isFree || execute?.arithmetic !== undefined) return MULTIPLY_DIVIDE;
    }
    const isBusy = !data.isIdle || (execute !== undefined && execute.memory !== 'none');
    const fences = view.releases || view.isInstructionFence;
    if (isBusy && (fences || (ahead.isFencing && view.memory !== 'none'))) return FENCE;
    return NO_STALL;
  }

  #waitsForInteger({ rs1, rs2, rd }: InstructionView, cleared: number): boolean {
    return this.#isLate(rs1, cleared) || this.#isLate(rs2, cleared) || this.#isLate(rd, cleared);
  }

  #isLate(register: number, cleared: number): boolean {
    return register > 0 && this.#ports.scoreboard.has(register) && register !== cleared;
  }

  #waitsForFloat({ isFloat, frs1, frs2, frs3, frd }: InstructionView): boolean {
    if (!isFloat) return false;
    const { float } = this.#ports;
    return (
      float.isScored(frs1) || float.isScored(frs2) || float.isScored(frs3) || float.isScored(frd)
    );
  }

  #flagsAreSettled({ execute, memory, last, cycle }: Ahead): boolean {
    const { float } = this.#ports;
    if (execute?.setsFlags === true || memory?.setsFlags === true) return false;
    if (last?.isFloat === true && last.toInteger) return false;
    return !float.isWriting && !float.isDividing(cycle);
  }
}

function resultReason(view: InstructionView): number {
  if (view.memory !== 'none') return LOAD_USE;
  if (view.arithmetic !== undefined) return MULTIPLY_DIVIDE;
  if (view.isFloat) return FLOAT;
  return view.isCsr ? CSR_USE : JUMP;
}
