import { mechanismNumber } from '../mechanisms.ts';
import { Control, destinationOf, FIRST_FLOAT, MEMORY, sourceOf, uses } from './control-word.ts';
import type { DataPipe } from './data-pipe.ts';
import type { FloatPipes } from './float-pipes.ts';
import { waitsForExecute, waitsForMemory, waitsForWriteBack } from './hazards.ts';
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

/** Nothing keeps an instruction in decode. */
export const NO_STALL = -1;

const LOAD_USE = mechanismNumber['load-use'];
const CSR_USE = mechanismNumber['csr-use'];
const MULTIPLY_DIVIDE = mechanismNumber['multiply-divide'];
const { float: FLOAT, jump: JUMP, fence: FENCE, wait: WAIT } = mechanismNumber;
const DATA_CACHE = mechanismNumber['data-cache'];
const { arithmetic, isFloat, isFloatCsr, isCsr, setsFlags, toInteger } = Control;
/** All earlier accesses are done before it goes on. */
const FENCES = Control.releases | Control.isInstructionFence;

/**
 * Says what keeps an instruction in decode (rocket-chip, RocketCore.scala, ctrl_stalld). What is ahead of it is there as control words
 * and registers, 0 in a stage in which nobody is.
 */
export class Interlock {
  /** In the stages behind decode. */
  execute = 0;
  executeRegisters = 0;
  memory = 0;
  memoryRegisters = 0;
  last = 0;
  lastRegisters = 0;
  /** Memory has not answered the last. */
  misses = false;
  /** The register that is written late in this cycle, or 0. */
  cleared = 0;
  /** The instruction in write-back writes a register. */
  portIsTaken = false;
  /** A fence or an acquiring access is on its way. */
  isFencing = false;
  /** A PAUSE is not over. */
  isPausing = false;
  readonly #ports: InterlockPorts;

  constructor(ports: InterlockPorts) {
    this.#ports = ports;
  }

  /** The mechanism that an instruction in decode waits for, or `NO_STALL`. */
  stall(control: number, registers: number, cycle: number): number {
    const { execute, memory, last } = this;
    const { data, float, multiplier, scoreboard } = this.#ports;
    if (this.isPausing) return WAIT;
    if (waitsForExecute(registers, execute, this.executeRegisters)) return resultReason(execute);
    if (waitsForMemory(registers, memory, this.memoryRegisters)) return resultReason(memory);
    if (waitsForWriteBack(registers, last, this.lastRegisters, this.misses)) {
      return resultReason(last);
    }
    const late = scoreboard.members;
    if (late !== 0 && this.#waitsForInteger(registers, late)) return MULTIPLY_DIVIDE;
    if ((control & isFloat) !== 0 && waitsForFloat(registers, float.scored)) return FLOAT;
    if ((control & isFloatCsr) !== 0 && !this.#flagsAreSettled(cycle)) return FLOAT;
    const isAccess = (control & MEMORY) !== 0;
    if (isAccess && data.blocksDecode) return data.waitsFor < 0 ? DATA_CACHE : data.waitsFor;
    if ((control & arithmetic) !== 0) {
      const isFree = !multiplier.isBusy || (multiplier.isDone(cycle) && !this.portIsTaken);
      if (!isFree || (execute & arithmetic) !== 0) return MULTIPLY_DIVIDE;
    }
    const isBusy = !data.isIdle || (execute & MEMORY) !== 0;
    if (isBusy && ((control & FENCES) !== 0 || (this.isFencing && isAccess))) return FENCE;
    return NO_STALL;
  }

  #waitsForInteger(registers: number, late: number): boolean {
    return (
      this.#isLate(sourceOf(registers, 1), late) ||
      this.#isLate(sourceOf(registers, 2), late) ||
      this.#isLate(destinationOf(registers), late)
    );
  }

  #isLate(register: number, late: number): boolean {
    return (
      register > 0 &&
      register < FIRST_FLOAT &&
      ((late >>> register) & 1) !== 0 &&
      register !== this.cleared
    );
  }

  #flagsAreSettled(cycle: number): boolean {
    const { float } = this.#ports;
    if (((this.execute | this.memory) & setsFlags) !== 0) return false;
    if ((this.last & isFloat) !== 0 && (this.last & toInteger) !== 0) return false;
    return !float.isWriting && !float.isDividing(cycle);
  }
}

/** Whether a floating-point register is among those that are late, a bit for each. */
function waitsForFloat(registers: number, late: number): boolean {
  for (let left = late; left !== 0; left &= left - 1) {
    const register = FIRST_FLOAT + 31 - Math.clz32(left & -left);
    if (uses(registers, register)) return true;
  }
  return false;
}

function resultReason(control: number): number {
  if ((control & MEMORY) !== 0) return LOAD_USE;
  if ((control & arithmetic) !== 0) return MULTIPLY_DIVIDE;
  if ((control & isFloat) !== 0) return FLOAT;
  return (control & isCsr) === 0 ? JUMP : CSR_USE;
}
