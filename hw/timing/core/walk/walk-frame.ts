import { Code } from '../../../wasm/index.ts';
import { actionPlace, pathShifts } from '../path-store.ts';
import { type ActionPart, isNumberPart, type QuestionFrame } from './question-frame.ts';
import { walkOffsets, type WalkNumber, type WalkWord } from './walk-state.ts';

/** What the function that follows paths is generated for. */
export interface WalkSite {
  /** Imported functions: commits an instruction whose path is not known, and does what an action says. */
  readonly commit: number;
  readonly perform: number;
  /** Bytes from the start of the hart's memory to its count of cycles, the leaves in force, and the addresses of what commits. */
  readonly cycle: number;
  readonly leaves: number;
  readonly addresses: number;
}

const NUMBER_BYTES = 8;
const WORD_BYTES = 4;

/** Parameters of the function that follows paths. */
const parameters = ['i32', 'i32', 'i32', 'i64', 'i64', 'i64', 'i32'] as const;

/** The function that follows paths under construction: its parameters and locals, and the words that it shares with the core. */
export class WalkFrame implements QuestionFrame {
  readonly code = new Code(parameters);
  readonly site: WalkSite;
  /** Address of the hart's memory; where the access was made; what the instruction did (`CompiledClient.commit`). */
  readonly hart = 0;
  readonly host = 1;
  readonly variant = 2;
  /** Its address, the next one's, and that of its access. */
  readonly pc = 3;
  readonly next = 4;
  readonly address = 5;
  /** The action that somebody has followed the path to; 0 if to none. */
  readonly behind = 6;
  /** The action in hand: its number, and its place. */
  readonly action = this.code.local('i32');
  readonly at = this.code.local('i32');
  /** The one behind which nobody had to be asked, and the state of caches there. */
  readonly anchor = this.code.local('i32');
  readonly state = this.code.local('i32');
  /** The last one that was gone through, by its number. */
  readonly known = this.code.local('i32');
  /** An answer. */
  readonly answer = this.code.local('f64');
  /** Where the actions are. */
  readonly actions = this.code.local('i32');
  readonly #core: number;

  /** The core's memory begins `core` bytes behind that of its hart. */
  constructor(core: number, site: WalkSite) {
    this.#core = core;
    this.site = site;
  }

  /** Puts a shared word on the stack. */
  load(word: WalkWord): void {
    this.code.get(this.hart);
    this.code.load('i32.load', this.#core + walkOffsets[word]);
  }

  /** Sets a shared word to what `push` puts on the stack. */
  store(word: WalkWord, push: () => void): void {
    this.code.get(this.hart);
    push();
    this.code.store('i32.store', this.#core + walkOffsets[word]);
  }

  /** The same with a number. */
  loadNumber(number: WalkNumber): void {
    this.code.get(this.hart);
    this.code.load('f64.load', this.#core + walkOffsets[number]);
  }
  storeNumber(number: WalkNumber, push: () => void): void {
    this.code.get(this.hart);
    push();
    this.code.store('f64.store', this.#core + walkOffsets[number]);
  }

  /** Puts a part of the action at `at` on the stack: a number, or a word. */
  part(name: ActionPart, at = this.at): void {
    this.code.get(at);
    if (isNumberPart(name)) this.code.load('f64.load', NUMBER_BYTES * actionPlace[name]);
    else this.code.load('i32.load', WORD_BYTES * actionPlace[name]);
  }

  /** Takes the action whose number is on the stack in hand. */
  take(): void {
    const { code } = this;
    code.tee(this.action);
    code.i32(pathShifts.action);
    code.op('i32.shl');
    code.get(this.actions);
    code.op('i32.add');
    code.set(this.at);
  }

  /** Puts the place on the stack that a site has in a table of numbers, or of words. */
  siteNumber(table: Extract<WalkWord, 'siteTargets' | 'sitePcs'>, site: number): void {
    this.#element(table, site, NUMBER_BYTES);
  }
  siteWord(table: Extract<WalkWord, 'siteThereFrom' | 'siteTargetsFrom'>, site: number): void {
    this.#element(table, site, WORD_BYTES);
  }

  #element(table: WalkWord, index: number, bytes: number): void {
    const { code } = this;
    this.load(table);
    code.get(index);
    code.i32(Math.log2(bytes));
    code.op('i32.shl');
    code.op('i32.add');
  }

  /** Lets somebody else do what the action says: what comes of it (f64) is on the stack. */
  perform(): void {
    const { code, hart, host, action, site } = this;
    this.noteAddresses();
    code.get(hart);
    code.get(host);
    code.get(action);
    code.call(site.perform);
  }

  /** Says where the instruction is, what follows, and where it accesses memory. */
  noteAddresses(): void {
    const { code, hart, site } = this;
    for (const [index, local] of [this.pc, this.next, this.address].entries()) {
      code.get(hart);
      code.get(local);
      code.store('i64.store', site.addresses + NUMBER_BYTES * index);
    }
  }
}
