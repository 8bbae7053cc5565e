import type { Checkpointed } from '../../kernel/index.ts';
import { type StateArea, stateBytes } from '../memory/index.ts';
import { ConfigurationReader, ConfigurationWriter } from './configuration.ts';
import { saveCore, type SavedCore } from './core-checkpoint.ts';
import { Core, type CorePorts } from './core.ts';
import { type Executed, variantOf } from './executed.ts';
import { FetchedWords } from './fetched-words.ts';
import { FetchSites, type FetchSitePorts, isRenaming, siteBytes } from './fetch-sites.ts';
import { timingMechanisms } from '../mechanisms.ts';
import type { TimingParameters } from '../parameters.ts';
import type { BranchHistory } from './branch-history.ts';
import { EntryRenaming, isName } from './entry-names.ts';
import { LAST_QUESTION, PathAction } from './path-actions.ts';
import {
  ACTION_NUMBERS,
  ACTION_WORDS,
  actionPlace as place,
  PathStore,
  usualCapacity,
} from './path-store.ts';
import type { PresentSurroundings } from './present-surroundings.ts';
import { NOTHING, type TargetUpdate } from './surroundings.ts';
import { RecordedSurroundings, updateOfDetail } from './recorded-surroundings.ts';
import { KnownPaths } from './translated/known-paths.ts';
import { MOST_CHECKS } from './translated/path-checks.ts';
import { Visits } from './visits.ts';
import { WalkNumberPlace, WalkPlace, type WalkState } from './walk/walk-state.ts';

/** What a core that remembers is wired to. */
export interface RememberingCorePorts
  extends Omit<CorePorts, 'around' | 'read'>, Omit<FetchSitePorts, 'read' | 'walk'> {
  readonly present: PresentSurroundings;
  readonly history: BranchHistory;
  /** The aligned word of memory at a virtual address, for fetching, if there is one. */
  readonly read: (pc: number) => number | undefined;
  /** A number for everything that decides which words are fetched and which addresses translated. */
  readonly context: () => number;
  /** What generated code that follows paths shares with the core. */
  readonly walk: WalkState;
  readonly parameters: TimingParameters;
  /** Room for what is remembered, of `rememberedBytes` bytes, where generated code finds it. */
  readonly area: StateArea;
}

const NONE = 0;
/** Where outcomes begin to count when a configuration is read back; more than are under way. */
const OUTCOMES = 1024;
/** Names of entries that may have been used before it is found out which are under way; fewer than a site has. */
const MOST_NAMES = 10;

/**
 * A core that goes through its stages only where it has not been before (Schnarr and Larus, "Fast Out-Of-Order Processor Simulation
 * Using Memoization"): from what its stages hold at a commit, and the answers to what they ask, follows all that happens to the
 * next one. Time is the same, to the cycle; decision 0009.
 */
export class RememberingCore implements Checkpointed<SavedCore> {
  /** What functions are translated from. */
  readonly paths: KnownPaths;
  readonly #ports: RememberingCorePorts;
  readonly #core: Core;
  readonly #store: PathStore;
  readonly #sites: FetchSites;
  readonly #recorded: RecordedSurroundings;
  readonly #writer = new ConfigurationWriter();
  readonly #reader = new ConfigurationReader();
  /** By mechanism: cycles of the commit that is being written down. */
  readonly #spent = new Float64Array(timingMechanisms.length);
  readonly #words = new FetchedWords();
  readonly #walkWords: Int32Array;
  readonly #walkNumbers: Float64Array;
  readonly #visits = new Visits();
  #context = 0;
  #isOutdated = false;
  /** Of the path that was followed last: the last action that came true, and the answer of the question behind it. */
  #known = NONE;
  #given: number | undefined;

  constructor(ports: RememberingCorePorts) {
    this.#ports = ports;
    const { present, views, targetEntries, charge, targets, side, pageOf } = ports;
    const read = (pc: number): number => this.#read(pc);
    const { walk, area } = ports;
    this.#walkWords = walk.words;
    this.#walkNumbers = walk.numbers;
    this.#store = new PathStore(usualCapacity, area);
    this.#sites = new FetchSites(usualCapacity.nodes, { targets, side, read, pageOf, walk }, area);
    walk.link(this.#store.places);
    this.paths = new KnownPaths({
      ...{ walk, parameters: ports.parameters, store: this.#store, sites: this.#sites },
      ...{ targets, checked: area.signedWords(MOST_CHECKS) },
    });
    this.#recorded = new RecordedSurroundings(this.#store, present, this.#sites);
    this.#core = new Core({
      targetEntries,
      views,
      read,
      around: this.#recorded,
      charge: (mechanism, cycles) => {
        this.#spent[mechanism] = (this.#spent[mechanism] ?? 0) + cycles;
        charge(mechanism, cycles);
      },
    });
  }

  /** The word of code at an address; where there is none, nothing is written down, since nobody would learn of it if there were. */
  #read(pc: number): number {
    const known = this.#words.at(pc);
    if (known !== undefined) return known;
    const word = this.#ports.read(pc);
    if (word === undefined) {
      this.#recorded.giveUp();
      return 0;
    }
    this.#words.put(pc, word);
    return word;
  }

  /** What the stages hold, if it is known by a number. */
  get #node(): number {
    return this.#walkWords[WalkPlace.node] ?? NONE;
  }
  set #node(number: number) {
    this.#walkWords[WalkPlace.node] = number;
  }

  /** In which cycle they hold it. */
  get #cycle(): number {
    return this.#walkNumbers[WalkNumberPlace.cycle] ?? 0;
  }
  set #cycle(cycle: number) {
    this.#walkNumbers[WalkNumberPlace.cycle] = cycle;
  }

  /** Whether the stages themselves hold it. */
  get #isInStages(): boolean {
    return this.#walkWords[WalkPlace.isInStages] !== 0;
  }
  set #isInStages(isSo: boolean) {
    this.#walkWords[WalkPlace.isInStages] = isSo ? 1 : 0;
  }

  /** Whether paths can be followed from the node on without looking at anything else. */
  set #isLive(isSo: boolean) {
    this.#walkWords[WalkPlace.isLive] = isSo ? 1 : 0;
  }

  /** Power-on. */
  reset(): void {
    this.#core.reset();
    this.#isInStages = true;
    this.#cycle = 0;
    this.#forget();
  }

  /** Lets time pass, from `cycle` of the hart on, until an instruction commits or takes its trap. */
  commit(executed: Executed, cycle: number): void {
    const variant = variantOf(executed);
    let isWorthIt: boolean | undefined;
    let next = NONE;
    if (!this.#takeOver()) {
      if (this.#isOutdated) this.#forget();
      this.#settle(cycle);
      if (this.#node === NONE) {
        isWorthIt = this.#visits.areEnough(executed.pc);
        if (isWorthIt) this.#number();
      }
      next = this.#follow(executed, variant);
    }
    if (next !== NONE) {
      this.#node = next;
      this.#isInStages = false;
    } else if (isWorthIt ?? this.#visits.areEnough(executed.pc)) this.#explore(executed, variant);
    else this.#pass(executed);
    this.#isLive = this.#node !== NONE && !this.#isOutdated;
  }

  /** As the stages do, which is not written down. */
  ageOf(pc: number): number {
    this.#enterStages();
    return this.#core.ageOf(pc);
  }
  linger(pc: number, until: number, cycle: number): void {
    if (this.#isOutdated) this.#forget();
    this.#settle(cycle);
    this.#enterStages();
    const core = this.#core;
    this.#recorded.begin(NONE, core.cycle, NONE, undefined);
    this.#recorded.pass();
    core.linger(pc, until);
    this.#node = NONE;
    this.#isLive = false;
    this.#cycle = core.cycle;
    if (this.#sites.isFull) this.forget();
  }

  /** Generated code is about to follow paths. */
  prepare(): void {
    if (this.#ports.context() !== this.#context) this.#isLive = false;
  }

  /** Does on behalf of generated code that follows a path what an action says, or asks its question. */
  perform(action: number): number {
    const at = action * ACTION_WORDS;
    const kind = this.#store.words[at + place.kind] ?? NONE;
    if (kind <= LAST_QUESTION) return this.#answer(kind, at);
    this.#happen(kind, at);
    return 0;
  }

  /** Whether generated code has followed the path of this instruction as far as it is known, and how far that was. */
  #takeOver(): boolean {
    const words = this.#walkWords;
    if (words[WalkPlace.isStuck] === 0) return false;
    words[WalkPlace.isStuck] = 0;
    this.#known = words[WalkPlace.known] ?? NONE;
    const given = this.#walkNumbers[WalkNumberPlace.given];
    this.#given = words[WalkPlace.hasGiven] === 0 ? undefined : given;
    return true;
  }

  /** What follows the instruction that has just committed is a trap's handler. */
  redirectToTrap(): void {
    this.#enterStages();
    this.#core.redirectToTrap();
    this.#node = NONE;
    this.#isLive = false;
  }

  /** Code, or where it is, has changed: from the next commit on nothing is known. */
  forget(): void {
    this.#isOutdated = true;
    this.#isLive = false;
    this.#words.clear();
  }

  save(): SavedCore {
    this.#enterStages();
    return saveCore(this.#core, this.#ports.views, (entry) => this.#sites.entryOf(entry));
  }

  /** Nothing that was remembered need be true of what is restored. */
  restore(saved: SavedCore): void {
    this.#isInStages = true;
    this.forget();
    this.#forget();
    this.#core.restore(saved);
    this.#cycle = this.#core.cycle;
    this.#walkWords[WalkPlace.isStuck] = 0;
  }

  #forget(): void {
    this.#isOutdated = false;
    this.#enterStages();
    // Names mean nothing any more.
    this.#core.exchange(new EntryRenaming((entry) => this.#sites.entryOf(entry)));
    this.#node = NONE;
    this.#store.clear();
    this.#sites.clear();
    this.paths.clear();
  }

  /** What caches and TLBs hold has changed without a question. */
  outdate(): void {
    this.#sites.outdate();
  }

  /** Makes the stages hold what they do by number, and in the cycle of the hart. */
  #settle(cycle: number): void {
    const context = this.#ports.context();
    if (this.#node !== NONE && cycle <= this.#cycle && context === this.#context) return;
    this.#enterStages();
    if (context !== this.#context) this.#changeContext();
    this.#context = context;
    // The hart has waited in the meantime.
    this.#core.cycle = Math.max(cycle, this.#core.cycle);
    this.#node = NONE;
  }

  #changeContext(): void {
    this.#sites.changeContext();
    this.#words.clear();
  }

  /** Makes the stages hold it themselves. */
  #enterStages(): void {
    if (this.#isInStages) return;
    const core = this.#core;
    core.cycle = this.#cycle;
    core.outcomes = OUTCOMES;
    const start = this.#store.startOf(this.#node);
    this.#reader.begin(this.#store.configurations, start, {
      cycle: this.#cycle,
      outcome: OUTCOMES,
    });
    core.exchange(this.#reader);
    this.#sites.beginNaming(this.#reader.names);
    this.#isInStages = true;
  }

  /** Finds the number of what the stages hold. */
  #number(): void {
    const writer = this.#writer;
    const core = this.#core;
    this.#cycle = core.cycle;
    writer.begin({ cycle: core.cycle, outcome: core.outcomes }, this.#context);
    core.exchange(writer);
    this.#sites.beginNaming(writer.names);
    this.#node = this.#store.nodeOf(writer.words, writer.length);
  }

  /** Goes through the stages, from what they hold on, and writes nothing down. */
  #pass(executed: Executed): void {
    this.#enterStages();
    const core = this.#core;
    if (this.#sites.names > MOST_NAMES) {
      const names: number[] = [];
      core.exchange(new EntryRenaming((entry) => (isName(entry) && names.push(entry), entry)));
      this.#sites.beginNaming(names);
    }
    this.#recorded.begin(this.#node, core.cycle, this.#known, this.#given);
    this.#recorded.pass();
    this.#recorded.passExecuted(executed.pc, executed.nextPc, 0);
    core.commit(executed, core.cycle);
    this.#node = NONE;
    this.#cycle = core.cycle;
    if (this.#sites.isFull) this.forget();
  }

  /** Goes through the stages, from what they hold on, and writes down what is new of the path. */
  #explore(executed: Executed, variant: number): void {
    const store = this.#store;
    const recorded = this.#recorded;
    this.#enterStages();
    const begin = this.#core.cycle;
    recorded.begin(this.#node, begin, this.#known, this.#given);
    recorded.passExecuted(executed.pc, executed.nextPc, variant);
    this.#spent.fill(0);
    this.#core.commit(executed, begin);
    this.#number();
    if (store.isFull || this.#sites.isFull) {
      this.#visits.overflow();
      this.forget();
    }
    if (!recorded.isRecording) return;
    const subject = store.chargeCount;
    for (let mechanism = 0; mechanism < timingMechanisms.length; mechanism++) {
      const cycles = this.#spent[mechanism] ?? 0;
      if (cycles !== 0) store.addCharge(mechanism, cycles);
    }
    recorded.add(PathAction.commit, 0, {
      detail: this.#node,
      other: this.#core.cycle - begin,
      subject,
      object: store.chargeCount - subject,
    });
  }

  /** Follows the path of an instruction as far as it is known: the node at its end, or `NONE`. */
  #follow({ pc, nextPc }: Executed, variant: number): number {
    const { numbers, words } = this.#store;
    const sites = this.#sites;
    const { targets } = this.#ports;
    let action = this.#store.firstOf(this.#node);
    while (
      action !== NONE &&
      (numbers[action * ACTION_NUMBERS + place.answer] !== nextPc ||
        numbers[action * ACTION_NUMBERS + place.subject] !== pc ||
        words[action * ACTION_WORDS + place.detail] !== variant)
    ) {
      action = words[action * ACTION_WORDS + place.sibling] ?? NONE;
    }
    // Behind `begin` there were only questions whose answers hold as long as nothing changes.
    let begin = action;
    let { state } = sites;
    this.#known = NONE;
    this.#given = undefined;
    while (action !== NONE) {
      this.#known = action;
      const from = action * ACTION_WORDS;
      const isShort =
        begin === action &&
        words[from + place.shortcut] !== NONE &&
        words[from + place.fetchState] === state &&
        words[from + place.targetChanges] === targets.changes;
      const isFirst = begin === action;
      action = words[from + (isShort ? place.shortcut : place.next)] ?? NONE;
      if (action === NONE) break;
      const at = action * ACTION_WORDS;
      if (isShort) this.#known = words[at + place.parent] ?? NONE;
      const kind = words[at + place.kind] ?? NONE;
      const isSteady = kind === PathAction.target || kind === PathAction.fetch;
      if (!isSteady && !isFirst && sites.state === state) {
        const anchor = begin * ACTION_WORDS;
        words[anchor + place.shortcut] = action;
        words[anchor + place.fetchState] = state;
        words[anchor + place.targetChanges] = targets.changes;
      }
      if (kind === PathAction.commit) return this.#arrive(at);
      if (kind <= LAST_QUESTION) {
        const answer = this.#answer(kind, at);
        const site = words[at + place.detail] ?? NONE;
        const isRenamed = kind === PathAction.target && isRenaming(answer);
        const holds = isSteady && !isRenamed && (kind === PathAction.target || sites.holds(site));
        while (action !== NONE && numbers[action * ACTION_NUMBERS + place.answer] !== answer) {
          action = words[action * ACTION_WORDS + place.sibling] ?? NONE;
        }
        if (action === NONE) this.#given = answer;
        else if (isRenamed) sites.rename(site, this.#store.extraOf(action));
        if (holds) continue;
      } else this.#happen(kind, at);
      begin = action;
      state = sites.state;
    }
    return NONE;
  }

  /** Books a path at its end. */
  #arrive(at: number): number {
    const { numbers, words, charges } = this.#store;
    const { charge } = this.#ports;
    const first = numbers[(at >>> 1) + place.subject] ?? 0;
    const end = first + (numbers[(at >>> 1) + place.object] ?? 0);
    this.#cycle += words[at + place.other] ?? 0;
    for (let index = first; index < end; index += 2) {
      charge(charges[index] ?? 0, charges[index + 1] ?? 0);
    }
    return words[at + place.detail] ?? NONE;
  }

  /** Asks the question of an action, which has its place among words. */
  #answer(kind: number, at: number): number {
    const { words } = this.#store;
    const { present, history } = this.#ports;
    const detail = words[at + place.detail] ?? 0;
    const other = words[at + place.other] ?? 0;
    switch (kind) {
      case PathAction.target:
        return this.#sites.target(detail);
      case PathAction.direction:
        return history.predictAt(detail);
      case PathAction.returnTarget:
        return present.returnTarget();
      case PathAction.fetch:
        return this.#sites.fetch(detail, (other & 1) !== 0, this.#cycle + (other >>> 1));
      case PathAction.translate:
        return present.translate(this.#cycle + other);
      case PathAction.access:
        return present.access(detail, this.#cycle + other);
      case PathAction.rest:
        return present.rest(detail, this.#cycle + other);
      case PathAction.isLate:
        return present.isLate(this.#cycle + other);
      case PathAction.pause:
        return present.pause(this.#cycle + other);
      default:
        return present.meets(detail, other) ? 1 : 0;
    }
  }

  /** Lets the target buffer learn; where it knew that already, the action keeps as of when, and the entry, for generated code. */
  #learnTarget(update: TargetUpdate, at: number): void {
    const { numbers, words } = this.#store;
    const { present, targets, targetEntries } = this.#ports;
    const entry = this.#sites.entryOf(update.entry);
    const { changes } = targets;
    present.learnTarget({ ...update, entry }, numbers[(at >>> 1) + place.object] ?? 0);
    const isKnown = entry < targetEntries && targets.changes === changes;
    numbers[(at >>> 1) + place.answer] = isKnown ? changes : NOTHING;
    words[at + place.extra] = entry;
  }

  /** Does what an action says. */
  #happen(kind: number, at: number): void {
    const { numbers, words } = this.#store;
    const { present, history } = this.#ports;
    const detail = words[at + place.detail] ?? 0;
    const subject = numbers[(at >>> 1) + place.subject] ?? 0;
    switch (kind) {
      case PathAction.holdStore:
        present.holdStore(detail);
        return;
      case PathAction.passStore:
        present.passStore();
        return;
      case PathAction.useTarget:
        present.useTarget(this.#sites.entryOf(detail));
        return;
      case PathAction.learnTarget:
        this.#learnTarget(updateOfDetail(detail, subject), at);
        return;
      case PathAction.dropTargets:
        present.dropTargets();
        return;
      case PathAction.pushReturn:
        present.pushReturn(subject);
        return;
      case PathAction.popReturn:
        present.popReturn();
        return;
      case PathAction.predict:
        history.advance(detail);
        return;
      case PathAction.resolve:
        history.resolveAt(detail >>> 1, words[at + place.other] ?? 0, detail & 1);
        return;
      case PathAction.rewind:
        history.rewind(detail);
        return;
      default:
        this.#sites.outdate();
        present.emptyInstructionCache();
    }
  }
}

/** Bytes that a core takes for what it remembers. */
export function rememberedBytes(): number {
  bytes ??=
    stateBytes((area) => new PathStore(usualCapacity, area)) +
    siteBytes(usualCapacity.nodes) +
    stateBytes((area) => area.signedWords(MOST_CHECKS));
  return bytes;
}
let bytes: number | undefined;
