import { mechanismNumber } from '../../mechanisms.ts';
import type { TimingParameters } from '../../parameters.ts';
import { HIT } from '../access-answer.ts';
import { isRenaming, THERE } from '../fetch-sites.ts';
import { LAST_QUESTION, PathAction } from '../path-actions.ts';
import {
  ACTION_NUMBERS,
  ACTION_WORDS,
  actionPlace as place,
  CODE_OFFSET,
  ENTRY_OFFSET,
  type PathStore,
  pathShifts,
} from '../path-store.ts';
import { NOTHING } from '../surroundings.ts';
import { questionCode } from '../walk/question-code.ts';
import { WalkNumberPlace, WalkPlace, type WalkState } from '../walk/walk-state.ts';
import { PathChecks, type PathCheckPorts } from './path-checks.ts';
import { KnownFrame, type TranslatedSite } from './known-frame.ts';

/** An end of a path: the next commit. */
export interface PathEnd {
  /** The action by its number. */
  readonly commit: number;
  /** What the stages hold then. */
  readonly node: number;
  readonly cycles: number;
  /** What they are booked on, issue apart: mechanisms and their cycles. */
  readonly charges: readonly (readonly [number, number])[];
  /** How often it has been come to outside of translated functions. */
  readonly count: number;
  /** Whether a translated function can follow the path to here by itself. */
  readonly isDirect: boolean;
}

/**
 * What an instruction may do that commits: where it goes, and what its time depends on besides. There are several of the same action
 * if different answers can be taken for granted on its path.
 */
export interface PathOutcome {
  readonly action: number;
  readonly next: bigint;
  readonly isTaken: boolean;
  readonly operands: number;
  readonly hasAccess: boolean;
  readonly ends: readonly PathEnd[];
}

/** The instruction that commits next where the stages hold something, as far as it is known. */
export interface PathStep {
  readonly pc: bigint;
  readonly outcomes: readonly PathOutcome[];
}

/** What the known paths of a core are wired to. */
export interface KnownPathPorts extends PathCheckPorts {
  readonly parameters: TimingParameters;
  readonly store: PathStore;
  readonly walk: WalkState;
}

const NONE = 0;
const { issue: ISSUE } = mechanismNumber;
const WORD_BYTES = 4;
const NUMBER_BYTES = 8;
const ADDRESS_BITS = 40;
/** Of `variantOf`. */
const TAKEN = 1;
const FAILS_OR_TRAPS = 2 + 8;
const ACCESSES = 4;
const OPERANDS_SHIFT = 4;

/** The paths of a core as functions that are translated from them need them. */
export class KnownPaths {
  /** Told that all nodes and paths have been forgotten. */
  onClear: (() => void) | undefined;
  readonly #ports: KnownPathPorts;
  readonly #checks: PathChecks;

  constructor(ports: KnownPathPorts) {
    this.#ports = ports;
    this.#checks = new PathChecks(ports);
  }

  /** Everything is forgotten. */
  clear(): void {
    this.#checks.clear();
    this.onClear?.();
  }

  /** Whether there is room for so many more checks. */
  hasRoom(checks: number): boolean {
    return this.#checks.room >= checks;
  }

  /** What the stages hold now, by number. */
  get node(): number {
    return this.#ports.walk.words[WalkPlace.node] ?? NONE;
  }

  /** Lets a translated function begin at a node. */
  setCode(node: number, code: number, entry: number): void {
    this.#ports.store.setCode(node, code, entry);
  }
  hasCode(node: number): boolean {
    return this.#ports.store.hasCode(node);
  }

  /** Where in the machine's memory things are that translated functions use. */
  get places() {
    const { walk, store } = this.#ports;
    const word = (name: keyof typeof WalkPlace): number => {
      return walk.words.byteOffset + WORD_BYTES * WalkPlace[name];
    };
    return {
      ...{ node: word('node'), isInStages: word('isInStages'), isLive: word('isLive') },
      fetchState: word('fetchState'),
      cycle: walk.numbers.byteOffset + NUMBER_BYTES * WalkNumberPlace.cycle,
      nodes: store.places.nodes,
      ...{ nodeShift: pathShifts.node, codeOffset: CODE_OFFSET, entryOffset: ENTRY_OFFSET },
    };
  }

  /** The instruction that commits next at a node. */
  stepAt(node: number): PathStep | undefined {
    const { store } = this.#ports;
    const { numbers, words } = store;
    const outcomes: PathOutcome[] = [];
    let pc: number | undefined;
    for (
      let action = store.firstOf(node);
      action !== NONE;
      action = this.#word(action, 'sibling')
    ) {
      const variant = words[action * ACTION_WORDS + place.detail] ?? 0;
      const here = numbers[action * ACTION_NUMBERS + place.subject] ?? 0;
      pc ??= here;
      if (pc !== here || (variant & FAILS_OR_TRAPS) !== 0) continue;
      const outcome = {
        action,
        next: addressOf(numbers[action * ACTION_NUMBERS + place.answer] ?? 0),
        isTaken: (variant & TAKEN) !== 0,
        operands: variant >>> OPERANDS_SHIFT,
        hasAccess: (variant & ACCESSES) !== 0,
      };
      for (const ends of alternatives(this.#endsBehind(action)))
        outcomes.push({ ...outcome, ends });
    }
    return pc === undefined ? undefined : { pc: addressOf(pc), outcomes };
  }

  /** Notes what the paths to such ends take for granted: where the state is kept as of which that held; `undefined` if that is nothing. */
  addCheck(
    ends: readonly PathEnd[],
  ): { readonly number: number; readonly state: number } | undefined {
    const questions = new Set<number>();
    for (const { commit } of ends) {
      for (let action = commit; action !== NONE; action = this.#word(action, 'parent')) {
        if (this.#isSteady(action)) questions.add(action);
      }
    }
    if (questions.size === 0) return undefined;
    const isFetch = (action: number): boolean => this.#word(action, 'kind') === PathAction.fetch;
    const targets = [...questions].filter((action) => !isFetch(action));
    const fetches = [...questions].filter(isFetch).map((action) => this.#word(action, 'detail'));
    return this.#checks.add({
      fetches: [...new Set(fetches)],
      targets: targets.map((action) => ({
        site: this.#word(action, 'detail'),
        pc: this.#ports.store.numbers[action * ACTION_NUMBERS + place.subject] ?? 0,
        answer: this.#ports.store.answerOf(action),
      })),
    });
  }

  /** Forgets a check. */
  removeCheck(number: number): void {
    this.#checks.remove(number);
  }

  /** Whether what a check takes for granted is so now; nothing changes by that. */
  holds(check: number): boolean {
    return this.#checks.holds(check);
  }

  /** Prepares a function that is to follow paths. */
  within(site: TranslatedSite): PathQuestions {
    const { store, walk, parameters } = this.#ports;
    const frame = new KnownFrame(store, walk, site);
    const direct = questionCode(frame, parameters);
    return {
      follow: (outcome, wanted, { leaveBehind, arrive }) => {
        const ends = new Map(wanted.map((end) => [end.commit, end]));
        this.#emit({ frame, direct, ends, leaveBehind, arrive }, outcome.action);
      },
    };
  }

  /** Appends the code of the path behind an action, up to the ends that are wanted. */
  #emit(way: Way, anchor: number): void {
    const { frame, direct, ends, arrive } = way;
    const { code } = frame;
    let action = this.#nextOf(anchor, ends);
    while (action !== NONE && this.#isSteady(action)) action = this.#nextOf(action, ends);
    const kind = this.#word(action, 'kind');
    const end = ends.get(action);
    if (end !== undefined) {
      arrive(end);
      return;
    }
    frame.begin(way.leaveBehind);
    frame.take(action, anchor);
    direct.get(kind)?.();
    if (kind > LAST_QUESTION) {
      this.#emit(way, action);
      return;
    }
    const answer = code.scratch('paths.answer', 'f64');
    const answers = this.#siblingsOf(action).filter((sibling) => this.#leadsTo(sibling, ends));
    const last = answers.length - 1;
    if (last > 0) code.set(answer);
    for (const [index, sibling] of answers.entries()) {
      if (last > 0) code.get(answer);
      code.f64(this.#ports.store.answerOf(sibling));
      code.float(index < last ? 'f64.eq' : 'f64.ne');
      if (index === last) code.unlikely();
      code.if();
      if (index < last) this.#emit(way, sibling);
      else way.leaveBehind(anchor);
      code.end();
      if (index === last) this.#emit(way, sibling);
    }
  }

  /** Of the actions that may follow an action, one that leads to such ends. */
  #nextOf(action: number, ends: ReadonlyMap<number, PathEnd>): number {
    const next = this.#word(action, 'next');
    return this.#siblingsOf(next).find((sibling) => this.#leadsTo(sibling, ends)) ?? NONE;
  }

  #leadsTo(action: number, ends: ReadonlyMap<number, PathEnd>): boolean {
    for (const commit of ends.keys()) {
      for (let above = commit; above !== NONE; above = this.#word(above, 'parent')) {
        if (above === action) return true;
      }
    }
    return false;
  }

  /** An action and those that follow the same one at another answer. */
  #siblingsOf(first: number): readonly number[] {
    const siblings: number[] = [];
    for (let action = first; action !== NONE; action = this.#word(action, 'sibling')) {
      siblings.push(action);
    }
    return siblings;
  }

  /** The ends of the paths behind an action, with the answers on the way that are taken for granted though others have been given too. */
  #endsBehind(action: number, isDirect = true, granted: readonly number[] = []): GrantedEnd[] {
    const ends: GrantedEnd[] = [];
    const next = this.#siblingsOf(this.#word(action, 'next'));
    const varies = next.filter((sibling) => this.#isSteady(sibling)).length > 1;
    for (const sibling of next) {
      const goesOn = isDirect && this.#isDirect(sibling);
      const choices = varies && this.#isSteady(sibling) ? [...granted, sibling] : granted;
      if (this.#word(sibling, 'kind') === PathAction.commit) {
        ends.push({ end: this.#end(sibling, goesOn), granted });
      } else ends.push(...this.#endsBehind(sibling, goesOn, choices));
    }
    return ends;
  }

  #end(commit: number, isDirect: boolean): PathEnd {
    const { numbers, charges } = this.#ports.store;
    const first = numbers[commit * ACTION_NUMBERS + place.subject] ?? 0;
    const length = numbers[commit * ACTION_NUMBERS + place.object] ?? 0;
    const others: [number, number][] = [];
    let issued = 0;
    for (let index = first; index < first + length; index += 2) {
      const [mechanism = 0, cycles = 0] = charges.subarray(index, index + 2);
      if (mechanism === ISSUE) issued += cycles;
      else others.push([mechanism, cycles]);
    }
    const cycles = this.#word(commit, 'other');
    const sum = others.reduce((total, [, part]) => total + part, issued);
    return {
      commit,
      node: this.#word(commit, 'detail'),
      cycles,
      charges: cycles === 1 ? [] : others,
      count: this.#ports.store.answerOf(commit),
      isDirect: isDirect && (cycles === 1 || (issued === 1 && sum === cycles)),
    };
  }

  /** Whether an action is a question to the target buffer or the instruction cache whose answer holds as long as nothing changes. */
  #isSteady(action: number): boolean {
    const kind = this.#word(action, 'kind');
    const answer = this.#ports.store.answerOf(action);
    if (kind === PathAction.fetch) return answer === THERE;
    return kind === PathAction.target && !isRenaming(answer);
  }

  /** Whether generated code can do what an action says, or be given its answer. */
  #isDirect(action: number): boolean {
    const answer = this.#ports.store.answerOf(action);
    switch (this.#word(action, 'kind')) {
      case PathAction.target:
      case PathAction.fetch:
        return this.#isSteady(action);
      case PathAction.translate:
        return answer === NOTHING;
      case PathAction.access:
        return answer === HIT;
      case PathAction.executed:
      case PathAction.rest:
      case PathAction.dropTargets:
      case PathAction.emptyInstructionCache:
        return false;
      default:
        return true;
    }
  }

  #word(action: number, part: 'kind' | 'detail' | 'other' | 'next' | 'sibling' | 'parent'): number {
    return this.#ports.store.words[action * ACTION_WORDS + place[part]] ?? NONE;
  }
}

/** Asks the questions of known paths in a function under construction. */
export interface PathQuestions {
  /** Appends code from an outcome to the ends that are wanted, and goes on there. */
  follow(outcome: PathOutcome, wanted: readonly PathEnd[], ways: PathWays): void;
}

/** What becomes of a path in a function under construction: any other answer leaves it, at an end that is wanted it goes on. */
export interface PathWays {
  readonly leaveBehind: (action: number) => void;
  readonly arrive: (end: PathEnd) => void;
}

/** A path that is being written, to some of its ends. */
interface Way extends PathWays {
  readonly frame: KnownFrame;
  readonly direct: ReadonlyMap<number, () => void>;
  readonly ends: ReadonlyMap<number, PathEnd>;
}

/** An end, and the answers on the way to it that are taken for granted though others have been given too. */
interface GrantedEnd {
  readonly end: PathEnd;
  readonly granted: readonly number[];
}

/** Sets of ends that can be reached as such answers are given, those come to most often first. */
function alternatives(ends: readonly GrantedEnd[]): readonly (readonly PathEnd[])[] {
  const isWithin = (some: readonly number[], all: readonly number[]): boolean => {
    return some.every((answer) => all.includes(answer));
  };
  const choices = new Map(ends.map(({ granted }) => [granted.join(), granted]));
  const most = [...choices.values()].filter((granted) => {
    return ![...choices.values()].some((other) => other !== granted && isWithin(granted, other));
  });
  const sets = most.map((all) => {
    return ends.filter(({ granted }) => isWithin(granted, all)).map(({ end }) => end);
  });
  const weigh = (set: readonly PathEnd[]): number => {
    return set.reduce((sum, { count }) => sum + count, 0);
  };
  return sets.sort((left, right) => weigh(right) - weigh(left));
}

/** An address of the core, a sign-extended one of 64 bits. */
function addressOf(pc: number): bigint {
  return BigInt.asIntN(ADDRESS_BITS, BigInt(pc));
}
