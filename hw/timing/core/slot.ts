import type { Configuration } from './configuration.ts';
import type { ControlWords } from './control-words.ts';
import { exchangePrediction, type FetchPrediction, NO_PREDICTION } from './fetch-packet.ts';
import { type InstructionView, NO_INSTRUCTION } from './instruction-view.ts';

/** An instruction on its way through the pipeline. */
export interface Slot {
  readonly pc: number;
  readonly view: InstructionView;
  readonly length: number;
  readonly prediction: FetchPrediction;
  /** It was issued while the load whose result it uses was in the memory stage. */
  readonly usesLoad: boolean;
  /** It goes on as something to be fetched again. */
  replays: boolean;
}

/** Puts an instruction into a configuration, or takes it from there. */
export function exchangeSlot(words: Configuration, views: ControlWords, slot: Slot): Slot {
  return {
    pc: words.address(slot.pc),
    view: views.exchange(words, slot.view) ?? NO_INSTRUCTION,
    length: words.number(slot.length),
    prediction: exchangePrediction(words, slot.prediction),
    usesLoad: words.flag(slot.usesLoad),
    replays: words.flag(slot.replays),
  };
}

/** An instruction that stands for any. */
export const ANY_SLOT: Slot = {
  pc: 0,
  view: NO_INSTRUCTION,
  length: 0,
  prediction: NO_PREDICTION,
  usesLoad: false,
  replays: false,
};
