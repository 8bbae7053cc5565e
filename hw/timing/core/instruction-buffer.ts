import type { Configuration } from './configuration.ts';
import {
  exchangePrediction,
  type FetchPacket,
  type FetchedInstruction,
  NO_PREDICTION,
} from './fetch-packet.ts';
import { isCompressed } from './fetch-scan.ts';

const HALF_BITS = 16;
const HALF = 0xffff;
const WORD_HALVES = 2;

/** Cuts fetched words into instructions, and keeps the half of a word that is left over (rocket-chip, IBuf.scala). */
export class InstructionBuffer {
  /** The instruction in front of decode in this cycle; made by `show`. */
  readonly instruction: FetchedInstruction = {
    isValid: false,
    pc: 0,
    word: 0,
    isCompressed: false,
    replays: false,
    prediction: NO_PREDICTION,
  };
  #isHeld = false;
  #half = 0;
  #pc = 0;
  #prediction = NO_PREDICTION;
  #replays = false;
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
    this.#half = words.number(this.#half);
    this.#pc = words.address(this.#pc);
    this.#prediction = exchangePrediction(words, this.#prediction);
    this.#replays = words.flag(this.#replays);
  }

  /** Shows the next instruction, given the word that fetch offers. */
  show(packet: FetchPacket | undefined): void {
    const { instruction } = this;
    const held = this.#isHeld ? 1 : 0;
    const first = packet === undefined ? 0 : (packet.pc >>> 1) & 1;
    this.#offered = packet === undefined ? 0 : endOf(packet) - first;
    const available = held + this.#offered;
    const low = packet === undefined ? 0 : packet.word & HALF;
    const high = packet === undefined ? 0 : packet.word >>> HALF_BITS;
    const start = first === 0 ? low : high;
    let word: number;
    if (held === 1) word = ((start << HALF_BITS) | this.#half) >>> 0;
    else word = ((high << HALF_BITS) | start) >>> 0;
    const compressed = isCompressed(word);
    instruction.isCompressed = compressed;
    instruction.word = compressed ? word & HALF : word;
    const isComplete = compressed || available >= WORD_HALVES || (held === 1 && this.#replays);
    instruction.isValid = available >= 1 && isComplete;
    instruction.pc = held === 1 ? this.#pc : (packet?.pc ?? 0);
    const isOwn = held === 1 && compressed;
    instruction.prediction = isOwn ? this.#prediction : (packet?.prediction ?? NO_PREDICTION);
    const packetReplays = packet?.replays === true;
    instruction.replays =
      held === 1
        ? this.#replays || (!compressed && packetReplays && this.#offered > 0)
        : packetReplays;
    this.#taken = !isComplete ? 0 : compressed ? 1 : WORD_HALVES;
  }

  /** Lets decode take the instruction; says whether the word that was offered is used up. */
  take(packet: FetchPacket | undefined): boolean {
    const held = this.#isHeld ? 1 : 0;
    const fromPacket = this.#taken - held;
    this.#isHeld = this.#taken < held;
    if (fromPacket < 0 || packet === undefined) return false;
    const left = this.#offered - fromPacket;
    if (left > 1) return false;
    if (left === 1) {
      const end = endOf(packet);
      this.#isHeld = true;
      this.#half = end === WORD_HALVES ? packet.word >>> HALF_BITS : packet.word & HALF;
      this.#pc = packet.pc - (packet.pc & 3) + 2 * (end - 1);
      this.#prediction = packet.prediction;
      this.#replays = packet.replays;
    }
    return true;
  }
}

/** Half-words of a word up to the one behind which fetch went on elsewhere. */
function endOf({ prediction }: FetchPacket): number {
  return prediction.taken ? prediction.half + 1 : WORD_HALVES;
}
