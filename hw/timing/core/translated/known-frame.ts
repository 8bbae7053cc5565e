import type { Code } from '../../../wasm/index.ts';
import { PathAction } from '../path-actions.ts';
import { ACTION_NUMBERS, ACTION_WORDS, actionPlace, type PathStore } from '../path-store.ts';
import { type ActionPart, isNumberPart, type QuestionFrame } from '../walk/question-frame.ts';
import {
  changingWords,
  WalkNumberPlace,
  WalkPlace,
  type WalkNumber,
  type WalkState,
  type WalkWord,
} from '../walk/walk-state.ts';

const NUMBER_BYTES = 8;
const WORD_BYTES = 4;

/** Locals of a translated function. */
export interface TranslatedSite {
  readonly code: Code;
  readonly host: number;
  readonly address: number;
}

/** A function for one core under construction, in which the action in hand and the places of things are known now. */
export class KnownFrame implements QuestionFrame {
  readonly code: Code;
  readonly host: number;
  readonly address: number;
  readonly #store: PathStore;
  readonly #walk: WalkState;
  #leaveBehind: (action: number) => void = () => undefined;
  #action = 0;
  #behind = 0;

  constructor(store: PathStore, walk: WalkState, site: TranslatedSite) {
    this.#store = store;
    this.#walk = walk;
    this.code = site.code;
    this.host = site.host;
    this.address = site.address;
  }

  /** Takes a path in hand: `leaveBehind` appends code that lets somebody else follow it on behind an action. */
  begin(leaveBehind: (action: number) => void): void {
    this.#leaveBehind = leaveBehind;
  }

  /** Takes an action in hand; `behind` is the last one that was done before. */
  take(action: number, behind: number): void {
    this.#action = action;
    this.#behind = behind;
  }

  load(word: WalkWord): void {
    const { words } = this.#walk;
    if (changingWords.has(word)) {
      this.code.i32(0);
      this.code.load('i32.load', words.byteOffset + WORD_BYTES * WalkPlace[word]);
    } else this.code.i32(words[WalkPlace[word]] ?? 0);
  }

  loadNumber(number: WalkNumber): void {
    this.code.i32(0);
    const { numbers } = this.#walk;
    this.code.load('f64.load', numbers.byteOffset + NUMBER_BYTES * WalkNumberPlace[number]);
  }

  /** What the target buffer learnt last is noted in the action, whose other parts never change. */
  part(name: ActionPart): void {
    const { numbers, words } = this.#store;
    const number = this.#action * ACTION_NUMBERS + actionPlace[name];
    const word = this.#action * ACTION_WORDS + actionPlace[name];
    const kind = words[this.#action * ACTION_WORDS + actionPlace.kind];
    const changes = kind === PathAction.learnTarget && (name === 'answer' || name === 'extra');
    if (isNumberPart(name)) {
      if (!changes) this.code.f64(numbers[number] ?? 0);
      else {
        this.code.i32(0);
        this.code.load('f64.load', numbers.byteOffset + NUMBER_BYTES * number);
      }
    } else if (!changes) this.code.i32(words[word] ?? 0);
    else {
      this.code.i32(0);
      this.code.load('i32.load', words.byteOffset + WORD_BYTES * word);
    }
  }

  perform(): void {
    this.#leaveBehind(this.#behind);
  }
}
