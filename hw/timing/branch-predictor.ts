import type { ByteRange } from '../kernel/index.ts';
import type { TimingParameters } from './parameters.ts';

/** How well the front end knew where to go next. */
export const Prediction = { right: 0, untargeted: 1, wrong: 2 } as const;

/** One of the outcomes of a prediction. */
export type Prediction = (typeof Prediction)[keyof typeof Prediction];

/** An address as two unsigned halves. */
export interface Halves {
  readonly high: number;
  readonly low: number;
}

const WORD = 4;
const TARGET_WORDS = 4;
const [UNSEEN, VAIN] = [4, 5];
const STACK_WORDS = 2;
const HEADER_WORDS = 6;
const KNOWN_WORDS = 4;
const KNOWN_SLOTS = 512;
const BUCKETS = 1024;
/** Where nothing is known; no instruction has an odd address. */
export const NO_ADDRESS = 1;
/** Where in the word with the depth of the return stack it is counted how often a branch has been mispredicted since the last call or return. */
export const COUNT_SHIFT = 16;
export const DEPTH_MASK = 2 ** COUNT_SHIFT - 1;
export const MOST_COUNTED = 255;
/** Words behind that of a branch that fetch has seen when the branch is resolved. */
export const SEEN_BYTES = 8;
/** Beside the address of a word. */
export const POPPED = 2;

/** The geometry that decides how much state a predictor keeps. */
function layoutOf(parameters: TimingParameters) {
  const known = HEADER_WORDS;
  const buckets = known + KNOWN_SLOTS * KNOWN_WORDS;
  const targets = buckets + BUCKETS;
  const stack = targets + parameters.branchTargetEntries * TARGET_WORDS;
  const directions = stack + parameters.returnStackEntries * STACK_WORDS;
  const words = directions + Math.ceil(parameters.branchHistoryEntries / WORD);
  return { known, buckets, targets, stack, directions, words };
}

/** Where generated code finds the predictor's state, in bytes from its start; and what decides its size. */
export function predictorLayout(parameters: TimingParameters) {
  const { known, buckets, targets, stack, directions } = layoutOf(parameters);
  return {
    history: 0,
    nextTarget: WORD,
    /** With the count of mispredictions above it. */
    stackDepth: 2 * WORD,
    stackTop: 3 * WORD,
    /** The word, if any, that was fetched before the last change of the stack; `POPPED` beside it if that took an entry. Else `NO_ADDRESS`. */
    unseen: UNSEEN * WORD,
    /** The half-word that ends the branch whose mispredictions are counted. */
    vain: VAIN * WORD,
    /** Pairs of branch and target, each a doubleword: a copy of some of the target buffer, by `knownSlots`. */
    known: known * WORD,
    knownSlots: KNOWN_SLOTS,
    /** How many entries of the target buffer there are by a few bits of their addresses, a word each. */
    buckets: buckets * WORD,
    bucketCount: BUCKETS,
    targets: targets * WORD,
    stack: stack * WORD,
    directions: directions * WORD,
    historyMultiplier: historyMultiplierOf(parameters),
    indexBits: Math.round(Math.log2(parameters.branchHistoryEntries)),
  };
}

function historyMultiplierOf({ branchHistoryLength }: TimingParameters): number {
  return Math.floor((Math.sqrt(3) / 2) * 2 ** branchHistoryLength);
}

/** Bytes of hart memory that the predictor's state takes. */
export function branchPredictorBytes(parameters: TimingParameters): number {
  return layoutOf(parameters).words * WORD;
}

/** The bytes of a predictor that decide something, from its start; the others follow from them. */
export function keptPredictorBytes(parameters: TimingParameters): readonly ByteRange[] {
  const { known, targets, words } = layoutOf(parameters);
  return [
    { offset: 0, bytes: known * WORD },
    { offset: targets * WORD, bytes: (words - targets) * WORD },
  ];
}

/**
 * Direction table, target buffer and return stack of a hart; docs/timing.md, "Branch" and "Jump". The whole state is in
 * the bytes it is given, so that every engine and a checkpoint find it there.
 */
export class BranchPredictor {
  readonly #parameters: TimingParameters;
  /** Words 0 to 5: history, next target entry to replace, depth of the return stack, its top, `unseen` and `vain` of the layout. */
  readonly #header: Uint32Array;
  /** Per entry: pc low, pc high with bit 0 of low set when valid, target low and high. */
  readonly #targets: Uint32Array;
  /** Branches whose target the buffer surely holds, for engines that cannot search it; never decides anything. */
  readonly #known: Uint32Array;
  readonly #buckets: Uint32Array;
  readonly #stack: Uint32Array;
  readonly #directions: Uint8Array;
  readonly #historyMultiplier: number;
  readonly #historyRange: number;
  readonly #indexBits: number;

  constructor(parameters: TimingParameters, buffer: ArrayBuffer, offset: number) {
    const { known, buckets, targets, stack, directions } = layoutOf(parameters);
    const at = (word: number): number => offset + word * WORD;
    this.#parameters = parameters;
    this.#header = new Uint32Array(buffer, offset, HEADER_WORDS);
    this.#known = new Uint32Array(buffer, at(known), buckets - known);
    this.#buckets = new Uint32Array(buffer, at(buckets), BUCKETS);
    this.#targets = new Uint32Array(buffer, at(targets), stack - targets);
    this.#stack = new Uint32Array(buffer, at(stack), directions - stack);
    this.#directions = new Uint8Array(buffer, at(directions), parameters.branchHistoryEntries);
    this.#historyRange = 2 ** parameters.branchHistoryLength;
    this.#historyMultiplier = historyMultiplierOf(parameters);
    this.#indexBits = Math.round(Math.log2(parameters.branchHistoryEntries));
  }

  /** Forgets everything. */
  reset(): void {
    this.#header.fill(0);
    this.#known.fill(NO_ADDRESS);
    this.#buckets.fill(0);
    this.#targets.fill(0);
    this.#stack.fill(0);
    this.#directions.fill(0);
  }

  /** Works out anew what follows from the bytes that a checkpoint has kept. */
  restored(): void {
    this.#known.fill(NO_ADDRESS);
    this.#buckets.fill(0);
    for (let entry = 0; entry < this.#targets.length; entry += TARGET_WORDS) {
      const tag = this.#targets[entry] ?? 0;
      if (tag !== 0) this.#count(tag - 1, 1);
    }
  }

  /** A conditional branch has been resolved: says how it was predicted, and learns. The target is where it leads if it is taken. */
  branch(pc: Halves, taken: boolean, target: Halves): Prediction {
    const index = this.#directionIndex(pc);
    const predicted = (this.#directions[index] ?? 0) !== 0;
    this.#directions[index] = taken ? 1 : 0;
    this.#remember(taken);
    if (!taken) {
      if (predicted) this.learnTarget(pc, target, false);
      return predicted ? Prediction.wrong : Prediction.right;
    }
    const isTargeted = this.learnTarget(pc, target, false);
    if (!predicted) {
      this.#passBehind(pc.low);
      return Prediction.wrong;
    }
    return isTargeted ? Prediction.right : Prediction.untargeted;
  }

  /** A conditional branch has been fetched in vain: its prediction, which stays in the history. */
  passBranch(pc: Halves): boolean {
    const predicted = (this.#directions[this.#directionIndex(pc)] ?? 0) !== 0;
    this.#remember(predicted);
    return predicted;
  }

  /** A return has been fetched in vain. */
  passReturn(): void {
    this.#drop();
  }

  /** A call that returns to `links` has been fetched in vain. */
  passCall(links: Halves): void {
    this.#push(links);
  }

  #remember(taken: boolean): void {
    const history = (this.#header[0] ?? 0) >>> 1;
    this.#header[0] = taken ? history | (1 << (this.#parameters.branchHistoryLength - 1)) : history;
  }

  /** A direct jump: only the target buffer can save the bubble. */
  jump(pc: Halves, target: Halves, links: Halves | undefined): Prediction {
    const isRight = this.learnTarget(pc, target, false);
    if (links !== undefined) this.#call(links, target, isRight);
    return isRight ? Prediction.right : Prediction.untargeted;
  }

  /** An indirect jump; a return takes its target from the stack. */
  jumpRegister(
    pc: Halves,
    target: Halves,
    { isReturn, links }: { readonly isReturn: boolean; readonly links: Halves | undefined },
  ): Prediction {
    if (!isReturn) {
      const isRight = this.learnTarget(pc, target, false);
      if (links !== undefined) this.#call(links, target, isRight);
      return isRight ? Prediction.right : Prediction.wrong;
    }
    const prediction = this.#return(pc, target);
    const isRight = prediction === Prediction.right;
    this.#header[UNSEEN] = isRight ? (target.low & -WORD) | POPPED : NO_ADDRESS;
    if (links !== undefined) this.#call(links, target, false);
    return prediction;
  }

  #call(links: Halves, { low }: Halves, isRight: boolean): void {
    this.#push(links);
    this.#header[UNSEEN] = isRight ? low & -WORD : NO_ADDRESS;
  }

  /** A branch is taken, and fetch has seen what is behind it: a return there will have been fetched in vain. */
  #passBehind(low: number): void {
    const depth = this.#header[2] ?? 0;
    const count = this.#header[VAIN] === low ? depth >>> COUNT_SHIFT : 0;
    this.#header[VAIN] = low;
    this.#header[2] = (depth & DEPTH_MASK) | (Math.min(count + 1, MOST_COUNTED) << COUNT_SHIFT);
  }

  /** A return has been fetched in vain as often as a branch in front of it was mispredicted. */
  #catchUp({ low }: Halves): void {
    const { returnStackEntries: entries } = this.#parameters;
    const word = this.#header[2] ?? 0;
    const depth = word & DEPTH_MASK;
    this.#header[2] = depth;
    const before = this.#header[VAIN] ?? 0;
    const distance = ((low & -WORD) - (before & -WORD)) >>> 0;
    const isBehind = low > before && distance <= SEEN_BYTES;
    const lost = isBehind ? Math.min(word >>> COUNT_SHIFT, depth) : 0;
    if (lost === 0) return;
    this.#header[2] = depth - lost;
    this.#header[3] = ((this.#header[3] ?? 0) + entries - lost) % entries;
  }

  #return(pc: Halves, target: Halves): Prediction {
    this.#catchUp(pc);
    const known = this.#find(pc);
    const isExpected = this.#expects(pc, target, known);
    this.#drop();
    const isKnown = this.learnTarget(pc, target, isExpected);
    if (!isExpected) return Prediction.wrong;
    return isKnown ? Prediction.right : Prediction.untargeted;
  }

  /** Whether fetch follows a return to its target: the buffer's entry makes it look at the stack earlier than the word itself does. */
  #expects({ low }: Halves, target: Halves, known: number): boolean {
    const { returnStackEntries: entries } = this.#parameters;
    const unseen = this.#header[UNSEEN] ?? 0;
    let depth = this.#header[2] ?? 0;
    let top = this.#header[3] ?? 0;
    if (entries > 0 && known >= 0 && isIn(low, unseen)) {
      const isPopped = (unseen & POPPED) !== 0;
      depth += isPopped ? 1 : -1;
      top = (top + (isPopped ? 1 : entries - 1)) % entries;
    }
    const [words, at] = depth > 0 ? [this.#stack, top * STACK_WORDS] : [this.#targets, known + 2];
    return words[at] === target.low && words[at + 1] === target.high && (depth > 0 || known >= 0);
  }

  /** The entry of a transfer, negative if there is none. */
  #find({ low, high }: Halves): number {
    const words = this.#targets;
    const tag = (low | 1) >>> 0;
    for (let entry = 0; entry < words.length; entry += TARGET_WORDS) {
      if (words[entry] === tag && words[entry + 1] === high) return entry;
    }
    return -1;
  }

  #directionIndex({ low }: Halves): number {
    const { branchHistoryEntries, branchHistoryLength, branchHistoryBits } = this.#parameters;
    const mask = branchHistoryEntries - 1;
    const word = low >>> 2;
    const address = (word & mask) ^ ((word >>> this.#indexBits) & 3);
    const product = (this.#historyMultiplier * (this.#header[0] ?? 0)) % this.#historyRange;
    const hashed = product >>> (branchHistoryLength - branchHistoryBits);
    return (address ^ (hashed << (this.#indexBits - branchHistoryBits))) & mask;
  }

  /** Whether the buffer held the right target (with `anyTarget`, as for a return: any); remembers it for the next time. */
  learnTarget(pc: Halves, target: Halves, anyTarget: boolean): boolean {
    const words = this.#targets;
    let entry = this.#find(pc);
    if (entry < 0) {
      if (words.length === 0) return false;
      const next = this.#header[1] ?? 0;
      this.#header[1] = (next + 1) % this.#parameters.branchTargetEntries;
      entry = next * TARGET_WORDS;
      if (words[entry] !== 0) this.#forget((words[entry] ?? 0) - 1, words[entry + 1] ?? 0);
      this.#count(pc.low, 1);
    } else {
      const [low = 0, high = 0] = [words[entry + 2], words[entry + 3]];
      if (anyTarget || (low === target.low && high === target.high)) {
        this.#know(pc, low, high);
        return true;
      }
    }
    words[entry] = (pc.low | 1) >>> 0;
    words[entry + 1] = pc.high;
    words[entry + 2] = target.low;
    words[entry + 3] = target.high;
    this.#know(pc, target.low, target.high);
    return false;
  }

  #know(pc: Halves, targetLow: number, targetHigh: number): void {
    const slot = knownSlot(pc.low);
    this.#known[slot] = pc.low;
    this.#known[slot + 1] = pc.high;
    this.#known[slot + 2] = targetLow;
    this.#known[slot + 3] = targetHigh;
  }

  #count(low: number, change: 1 | -1): void {
    const bucket = (low >>> 1) & (BUCKETS - 1);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + change;
  }

  #forget(low: number, high: number): void {
    this.#count(low, -1);
    const slot = knownSlot(low);
    if (this.#known[slot] === low && this.#known[slot + 1] === high) this.#known[slot] = NO_ADDRESS;
  }

  /** Pushes over the oldest entry when the stack is full. */
  #push({ high, low }: Halves): void {
    const { returnStackEntries } = this.#parameters;
    if (returnStackEntries === 0) return;
    const top = ((this.#header[3] ?? 0) + 1) % returnStackEntries;
    this.#header[3] = top;
    const depth = (this.#header[2] ?? 0) & DEPTH_MASK;
    this.#header[2] = Math.min(depth + 1, returnStackEntries);
    this.#stack[top * STACK_WORDS] = low;
    this.#stack[top * STACK_WORDS + 1] = high;
  }

  #drop(): void {
    const { returnStackEntries } = this.#parameters;
    const depth = (this.#header[2] ?? 0) & DEPTH_MASK;
    if (depth === 0) return;
    const top = this.#header[3] ?? 0;
    this.#header[2] = depth - 1;
    this.#header[3] = (top + returnStackEntries - 1) % returnStackEntries;
  }
}

/** Whether a half-word is in a word whose address it is, but for what is noted beside it. */
function isIn(low: number, word: number): boolean {
  return (word & NO_ADDRESS) === 0 && ((word ^ low) & -WORD) === 0;
}

function knownSlot(low: number): number {
  return ((low >>> 1) & (KNOWN_SLOTS - 1)) * KNOWN_WORDS;
}
