import type { Configuration } from './configuration.ts';
import {
  copyPrediction,
  exchangePrediction,
  FetchedInstruction,
  FetchPacket,
} from './fetch-packet.ts';
import { isCompressed } from './fetch-scan.ts';

const HALF_BITS = 16;
const HALF = 0xffff;
const WORD_HALVES = 2;

/** Cuts fetched words into instructions, and keeps the half of a word that is left over (rocket-chip, IBuf.scala). */
export class InstructionBuffer {
  /** The instruction in front of decode in this cycle; made by `show`. */
  readonly instruction = new FetchedInstruction();
  /** The half-word that is left over, with where it came from. */
  readonly #left = new FetchPacket();
  #isHeld = false;
  /** Of the word that is shown: half-words that are wanted, and how many the instruction takes. */
  #offered = 0;
  #taken = 0;

  /** Drops what is left over. */
  clear(): void {
    this.#isHeld = false;
  }

  /** Puts what is left over into a configuration, or takes it from there. */
  exchange(words: Configuration): void {
    this.#isHeld = words.flag(this.#isHeld);
    if (!this.#isHeld) return;
    const left = this.#left;
    left.word = words.number(left.word);
    left.pc = words.address(left.pc);
    exchangePrediction(words, left);
    left.replays = words.flag(left.replays);
  }

  /** Shows the next instruction while fetch offers nothing. */
  showRest(): void {
    const { instruction } = this;
    const left = this.#left;
    this.#offered = 0;
    this.#taken = 0;
    instruction.isValid = false;
    if (!this.#isHeld) {
      instruction.pc = 0;
      instruction.word = 0;
      instruction.isCompressed = true;
      instruction.replays = false;
      return;
    }
    const compressed = isCompressed(left.word);
    const isComplete = compressed || left.replays;
    instruction.isCompressed = compressed;
    instruction.word = left.word;
    instruction.isValid = isComplete;
    instruction.pc = left.pc;
    instruction.replays = left.replays;
    if (compressed) copyPrediction(left, instruction);
    else clearPrediction(instruction);
    if (isComplete) this.#taken = compressed ? 1 : WORD_HALVES;
  }

  /** Shows the next instruction, given the word that fetch offers. */
  show(packet: FetchPacket): void {
    const { instruction } = this;
    const left = this.#left;
    const isHeld = this.#isHeld;
    const held = isHeld ? 1 : 0;
    const first = (packet.pc >>> 1) & 1;
    this.#offered = packet.end - first;
    const available = held + this.#offered;
    const start = first === 0 ? packet.word & HALF : packet.word >>> HALF_BITS;
    const word = isHeld
      ? (start << HALF_BITS) | left.word
      : (packet.word & (HALF << HALF_BITS)) | start;
    const compressed = isCompressed(word);
    instruction.isCompressed = compressed;
    instruction.word = compressed ? word & HALF : word;
    const isComplete = compressed || available >= WORD_HALVES || (isHeld && left.replays);
    instruction.isValid = available >= 1 && isComplete;
    instruction.pc = isHeld ? left.pc : packet.pc;
    copyPrediction(isHeld && compressed ? left : packet, instruction);
    instruction.replays = isHeld
      ? left.replays || (!compressed && packet.replays && this.#offered > 0)
      : packet.replays;
    this.#taken = !isComplete ? 0 : compressed ? 1 : WORD_HALVES;
  }

  /** Lets decode take the instruction while fetch offers nothing. */
  takeRest(): void {
    this.#isHeld = this.#isHeld && this.#taken < 1;
  }

  /** Lets decode take the instruction; says whether the word that was offered is used up. */
  take(packet: FetchPacket): boolean {
    const held = this.#isHeld ? 1 : 0;
    const fromPacket = this.#taken - held;
    this.#isHeld = this.#taken < held;
    if (fromPacket < 0) return false;
    const used = this.#offered - fromPacket;
    if (used > 1) return false;
    if (used === 1) {
      const left = this.#left;
      const { end } = packet;
      this.#isHeld = true;
      left.word = end === WORD_HALVES ? packet.word >>> HALF_BITS : packet.word & HALF;
      left.pc = packet.pc - (packet.pc & 3) + 2 * (end - 1);
      copyPrediction(packet, left);
      left.replays = packet.replays;
    }
    return true;
  }
}

function clearPrediction(instruction: FetchedInstruction): void {
  instruction.taken = false;
  instruction.half = 0;
  instruction.entry = 0;
  instruction.history = 0;
}
