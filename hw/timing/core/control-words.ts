import type { Decoded } from '../../isa/index.ts';
import { controlOf, registersOf } from './control-word.ts';

/** The number of bits that are no instruction: they trap, and read or write nothing. */
export const NO_INSTRUCTION = 0;
const NOBODY = -1;
const FIRST_ROOM = 1024;
/** Places by instruction for each number. */
const PLACES = 4;
const FREE = 0;
const SPREAD = 0x9e37_79b1;

/** The control words of the instructions that a core has seen, each worked out once and known by a number. */
export class ControlWords {
  /** By number: what the instruction is (`controlOf`), and its registers (`registersOf`). */
  controls = new Int32Array(FIRST_ROOM);
  registers = new Int32Array(FIRST_ROOM);
  readonly #decode: (word: number) => Decoded | undefined;
  /** By number: the instruction. */
  #words = new Int32Array(FIRST_ROOM);
  #count = 1;
  /** By place: the instruction and its number behind it; a place without number is free. */
  #places = new Int32Array(2 * PLACES * FIRST_ROOM);
  #used = 0;

  constructor(decode: (word: number) => Decoded | undefined) {
    this.#decode = decode;
  }

  /** The number of an instruction's control word; the instruction as 32 bits with a sign. */
  of(word: number): number {
    if (word === 0) return NO_INSTRUCTION;
    const places = this.#places;
    const last = places.length - 1;
    let place = (Math.imul(word, SPREAD) >>> 8) * 2;
    for (;;) {
      place &= last;
      const number = places[place + 1] ?? FREE;
      if (number === FREE) return this.#add(word);
      // Numbers are kept negative of what is no instruction, so that this is found again.
      if (places[place] === word) return number < 0 ? NO_INSTRUCTION : number;
      place += 2;
    }
  }

  #add(word: number): number {
    const decoded = this.#decode(word >>> 0);
    if (PLACES * this.#used >= this.#places.length) this.#spread();
    if (decoded === undefined) {
      this.#put(word, NOBODY);
      return NO_INSTRUCTION;
    }
    const number = this.#count;
    this.#count += 1;
    if (number === this.#words.length) this.#grow();
    this.controls[number] = controlOf(decoded);
    this.registers[number] = registersOf(decoded);
    this.#words[number] = word;
    this.#put(word, number);
    return number;
  }

  #put(word: number, number: number): void {
    const places = this.#places;
    const last = places.length - 1;
    let place = ((Math.imul(word, SPREAD) >>> 8) * 2) & last;
    while (places[place + 1] !== FREE) place = (place + 2) & last;
    places[place] = word;
    places[place + 1] = number;
    this.#used += 1;
  }

  #spread(): void {
    const before = this.#places;
    this.#places = new Int32Array(2 * before.length);
    this.#used = 0;
    for (let place = 0; place < before.length; place += 2) {
      const number = before[place + 1] ?? FREE;
      if (number !== FREE) this.#put(before[place] ?? 0, number);
    }
  }

  #grow(): void {
    this.controls = twice(this.controls);
    this.registers = twice(this.registers);
    this.#words = twice(this.#words);
  }

  /** What the instruction with a number is (`controlOf`). */
  controlAt(number: number): number {
    return this.controls[number] ?? 0;
  }

  /** Its registers (`registersOf`). */
  registersAt(number: number): number {
    return this.registers[number] ?? 0;
  }

  /** The instruction whose control word has a number. */
  wordAt(number: number): number {
    return this.#words[number] ?? 0;
  }
}

function twice(words: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const more = new Int32Array(2 * words.length);
  more.set(words);
  return more;
}
