import type { Code } from '../../../wasm/index.ts';
import type { actionPlace } from '../path-store.ts';
import type { WalkNumber, WalkWord } from './walk-state.ts';

/** Parts of an action that are numbers; the others are words. */
const numberParts = ['answer', 'subject', 'object'] as const;

/** Part of an action. */
export type ActionPart = keyof typeof actionPlace;
type NumberPart = (typeof numberParts)[number];

/** Whether a part of an action is a number. */
export function isNumberPart(name: ActionPart): name is NumberPart {
  return (numberParts as readonly string[]).includes(name);
}

/** A function under construction that asks the questions of paths, and the action in hand. */
export interface QuestionFrame {
  readonly code: Code;
  /** Locals: where the access of the instruction was made (i32), and its address (i64). */
  readonly host: number;
  readonly address: number;
  /** Puts a shared word, or number, on the stack. */
  load(word: WalkWord): void;
  loadNumber(number: WalkNumber): void;
  /** Puts a part of the action on the stack. */
  part(name: ActionPart): void;
  /** Lets somebody else do what the action says: what comes of it (f64) is on the stack. Nothing has been done for the action yet. */
  perform(): void;
}
