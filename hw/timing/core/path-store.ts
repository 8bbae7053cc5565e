import type { StateArea } from '../memory/index.ts';
import type { PathAction } from './path-actions.ts';

/** Bytes of an action, and where its parts are: numbers of 64 bits, then words of 32. */
const ACTION_BYTES = 64;
/** The same in numbers and in words. */
export const ACTION_NUMBERS = ACTION_BYTES / 8;
export const ACTION_WORDS = ACTION_BYTES / 4;
const NUMBERS = ACTION_NUMBERS;
const WORDS = ACTION_WORDS;
export const actionPlace = {
  /** Of `commit`, how often generated code came to it. */
  answer: 0,
  subject: 1,
  object: 2,
  kind: 6,
  detail: 7,
  other: 8,
  next: 9,
  sibling: 10,
  parent: 11,
  /** Where the path goes on behind questions that need not be asked again, and as of which states of what they depend on. */
  shortcut: 12,
  targetChanges: 13,
  fetchState: 14,
  /**
   * Of `access`: whether it needs the right to write. Of `target`, where the entry must get a name: which of those of the site.
   */
  extra: 15,
} as const;
const place = actionPlace;

const NODE_WORDS = 8;
const node = {
  ...{ start: 0, length: 1, hash: 2, chained: 3, first: 4 },
  /** The translated function that begins there, plus 1; and at which of its entries, or how often the node was arrived at if there is none. */
  ...{ code: 5, entry: 6 },
} as const;
/** Bytes of an action and of a node as powers of two, and where in a node its first action is. */
export const pathShifts = { action: Math.log2(ACTION_BYTES), node: Math.log2(4 * NODE_WORDS) };
export const FIRST_OFFSET = 4 * node.first;
/** The same of the function that begins there, and of its entry. */
export const CODE_OFFSET = 4 * node.code;
export const ENTRY_OFFSET = 4 * node.entry;
const HASH_SLOTS = 2 ** 16;
/** Actions, nodes, charges and sites are numbered from 1. */
const NONE = 0;

/** Room of a store. */
export interface PathCapacity {
  readonly actions: number;
  readonly nodes: number;
  readonly words: number;
  readonly charges: number;
}

/** What is usual: some tens of thousands of instructions in a few situations each. */
export const usualCapacity: PathCapacity = {
  actions: 2 ** 19,
  nodes: 2 ** 16,
  words: 2 ** 22,
  charges: 2 ** 17,
};

/** An action to be added. */
export interface NewAction {
  readonly kind: PathAction;
  readonly answer: number;
  readonly subject: number;
  readonly object: number;
  readonly detail: number;
  readonly other: number;
  readonly extra: number;
}

/**
 * The configurations in which instructions have committed, and the paths between them: trees of actions, in which the actions
 * that follow each other as one answer or another is given are siblings.
 */
export class PathStore {
  /** What the actions and nodes take, for those who follow paths. */
  readonly numbers: Float64Array;
  readonly words: Int32Array;
  readonly nodes: Int32Array;
  readonly configurations: Int32Array;
  readonly #capacity: PathCapacity;
  readonly #charges: Int32Array;
  readonly #slots = new Int32Array(HASH_SLOTS);
  #actionCount = NONE;
  #nodeCount = NONE;
  #wordCount = 0;
  #chargeCount = 0;

  constructor(capacity: PathCapacity, area: StateArea) {
    this.#capacity = capacity;
    const numbers = area.numbers((capacity.actions + 1) * NUMBERS);
    this.numbers = numbers;
    this.words = new Int32Array(numbers.buffer, numbers.byteOffset, numbers.length * 2);
    this.nodes = area.signedWords((capacity.nodes + 1) * NODE_WORDS);
    this.configurations = new Int32Array(capacity.words);
    this.#charges = area.signedWords(2 * capacity.charges);
  }

  /** Where generated code finds it. */
  get places(): {
    readonly actions: number;
    readonly nodes: number;
    readonly firsts: number;
    readonly charges: number;
  } {
    return {
      actions: this.numbers.byteOffset,
      nodes: this.nodes.byteOffset,
      firsts: this.nodes.byteOffset + FIRST_OFFSET,
      charges: this.#charges.byteOffset,
    };
  }

  /** Forgets everything. */
  clear(): void {
    this.#slots.fill(NONE);
    this.#actionCount = NONE;
    this.#nodeCount = NONE;
    this.#wordCount = 0;
    this.#chargeCount = 0;
  }

  /** Whether there may be no room for another path. */
  get isFull(): boolean {
    const { actions, nodes, words, charges } = this.#capacity;
    return (
      this.#actionCount + MOST_OF_A_PATH > actions ||
      this.#nodeCount + 1 > nodes ||
      this.#wordCount + MOST_OF_A_PATH > words ||
      this.#chargeCount + MOST_OF_A_PATH > charges
    );
  }

  /** The node of a configuration, a new one if there is none yet. */
  nodeOf(words: Int32Array, length: number): number {
    const { nodes } = this;
    const hash = hashOf(words, length);
    const slot = hash & (HASH_SLOTS - 1);
    let known = this.#slots[slot] ?? NONE;
    while (known !== NONE) {
      if (nodes[known * NODE_WORDS + node.hash] === hash && this.#equals(known, words, length)) {
        return known;
      }
      known = nodes[known * NODE_WORDS + node.chained] ?? NONE;
    }
    this.#nodeCount += 1;
    const made = this.#nodeCount;
    const first = made * NODE_WORDS;
    nodes[first + node.start] = this.#wordCount;
    nodes[first + node.length] = length;
    nodes[first + node.hash] = hash;
    nodes[first + node.chained] = this.#slots[slot] ?? NONE;
    nodes[first + node.first] = NONE;
    nodes[first + node.code] = NONE;
    nodes[first + node.entry] = 0;
    this.#slots[slot] = made;
    this.configurations.set(words.subarray(0, length), this.#wordCount);
    this.#wordCount += length;
    return made;
  }

  /** Where the words of a node's configuration begin. */
  startOf(number: number): number {
    return this.nodes[number * NODE_WORDS + node.start] ?? 0;
  }

  /** Lets a translated function begin at a node, or none if it is 0, and arrivals be counted anew. */
  setCode(number: number, code: number, entry: number): void {
    this.nodes[number * NODE_WORDS + node.code] = code;
    this.nodes[number * NODE_WORDS + node.entry] = entry;
  }

  /** Whether a translated function begins at a node. */
  hasCode(number: number): boolean {
    return this.nodes[number * NODE_WORDS + node.code] !== NONE;
  }

  /** The first action behind a node. */
  firstOf(number: number): number {
    return this.nodes[number * NODE_WORDS + node.first] ?? NONE;
  }

  /** Adds an action behind another, or behind the node if that is 0. */
  add(from: number, parent: number, action: NewAction): number {
    this.#actionCount += 1;
    const made = this.#actionCount;
    const { numbers, words } = this;
    const number = made * NUMBERS;
    const word = made * WORDS;
    numbers[number + place.answer] = action.answer;
    numbers[number + place.subject] = action.subject;
    numbers[number + place.object] = action.object;
    words[word + place.kind] = action.kind;
    words[word + place.detail] = action.detail;
    words[word + place.other] = action.other;
    words[word + place.extra] = action.extra;
    words[word + place.next] = NONE;
    words[word + place.parent] = parent;
    words[word + place.shortcut] = NONE;
    const isFirst = parent === NONE;
    const heads = isFirst ? this.nodes : words;
    const head = isFirst ? from * NODE_WORDS + node.first : parent * WORDS + place.next;
    // The first stays the first, so that shortcuts lead to all of them.
    const first = heads[head] ?? NONE;
    if (first === NONE) {
      words[word + place.sibling] = NONE;
      heads[head] = made;
    } else {
      words[word + place.sibling] = words[first * WORDS + place.sibling] ?? NONE;
      words[first * WORDS + place.sibling] = made;
    }
    return made;
  }

  /** How many words are noted of what paths are booked on. */
  get chargeCount(): number {
    return this.#chargeCount;
  }

  /** Notes what a path is booked on: a mechanism and its cycles, a word each. */
  addCharge(mechanism: number, cycles: number): void {
    this.#charges[this.#chargeCount] = mechanism;
    this.#charges[this.#chargeCount + 1] = cycles;
    this.#chargeCount += 2;
  }

  /** What paths are booked on. */
  get charges(): Int32Array {
    return this.#charges;
  }

  parentOf(action: number): number {
    return this.words[action * WORDS + place.parent] ?? NONE;
  }

  extraOf(action: number): number {
    return this.words[action * WORDS + place.extra] ?? 0;
  }

  answerOf(action: number): number {
    return this.numbers[action * NUMBERS + place.answer] ?? 0;
  }

  #equals(number: number, words: Int32Array, length: number): boolean {
    const { nodes, configurations } = this;
    if (nodes[number * NODE_WORDS + node.length] !== length) return false;
    const start = this.startOf(number);
    for (let index = 0; index < length; index++) {
      if (configurations[start + index] !== words[index]) return false;
    }
    return true;
  }
}

/** More actions, words or charges than one commit adds. */
const MOST_OF_A_PATH = 8192;

function hashOf(words: Int32Array, length: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < length; index++) {
    hash = Math.imul(hash ^ (words[index] ?? 0), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash | 0;
}
