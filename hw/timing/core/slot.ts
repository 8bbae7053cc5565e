import type { Configuration } from './configuration.ts';
import { type ControlWords, NO_INSTRUCTION } from './control-words.ts';
import { exchangePrediction, type FetchPrediction } from './fetch-packet.ts';

/** A stage, and the instruction that is in it on its way through the pipeline. */
export class Slot implements FetchPrediction {
  /** Whether there is one at all; if not, the rest means nothing. */
  isThere = false;
  pc = 0;
  /** The number of its control word, that word and the registers; those of none if it `replays` already when it is issued. */
  number = NO_INSTRUCTION;
  control = 0;
  registers = 0;
  length = 0;
  taken = false;
  half = 0;
  entry = 0;
  history = 0;
  /** It was issued while the load whose result it uses was in the memory stage. */
  usesLoad = false;
  /** It goes on as something to be fetched again. */
  replays = false;

  /** What it is, and 0 if nobody is there or it is to be fetched again. */
  get running(): number {
    return this.isThere && !this.replays ? this.control : 0;
  }

  /** Its registers, and 0 likewise. */
  get runningRegisters(): number {
    return this.isThere && !this.replays ? this.registers : 0;
  }

  /** Address of the half-word that ends the instruction. */
  get lastHalf(): number {
    return this.pc + this.length - 2;
  }

  /** Puts it into a configuration, or takes it from there. */
  exchange(words: Configuration, views: ControlWords): void {
    this.isThere = words.flag(this.isThere);
    if (!this.isThere) return;
    this.pc = words.address(this.pc);
    this.become(words.instruction(this.number), views);
    this.length = words.number(this.length);
    exchangePrediction(words, this);
    this.usesLoad = words.flag(this.usesLoad);
    this.replays = words.flag(this.replays);
  }

  /** The same where nothing but the control word matters any more. */
  exchangeLast(words: Configuration, views: ControlWords): void {
    const number = words.instruction(this.isThere ? this.number : NOBODY);
    this.isThere = number !== NOBODY;
    this.become(this.isThere ? number : NO_INSTRUCTION, views);
    this.pc = 0;
    this.usesLoad = false;
    this.replays = false;
  }

  /** What is on its way to an interrupt waits for nothing, does nothing and is not repeated (`RocketCore.scala`, ex_reg_xcpt_interrupt). */
  becomeInterrupt(views: ControlWords): void {
    this.become(NO_INSTRUCTION, views);
    this.usesLoad = false;
    this.replays = false;
  }

  /** Takes the control word that has a number. */
  become(number: number, views: ControlWords): void {
    this.number = number;
    this.control = views.controlAt(number);
    this.registers = views.registersAt(number);
  }
}

const NOBODY = -1;
