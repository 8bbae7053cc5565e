import { StateArea } from '../memory/index.ts';
import { mechanismNumber } from '../mechanisms.ts';
import { ConfigurationReader, ConfigurationWriter } from './configuration.ts';
import { Core, type CorePorts, type Executed } from './core.ts';
import { FetchSites, type FetchSitePorts } from './fetch-sites.ts';
import { LAST_QUESTION, PathAction } from './path-actions.ts';
import { PathStore, usualCapacity } from './path-store.ts';
import type { PresentSurroundings } from './present-surroundings.ts';
import { RecordedSurroundings, updateOfDetail } from './recorded-surroundings.ts';

/** What a core that remembers is wired to. */
export interface RememberingCorePorts
  extends Omit<CorePorts, 'around'>, Omit<FetchSitePorts, 'read'> {
  readonly present: PresentSurroundings;
  /** Whether there is a word of memory at a virtual address for fetching: where there is none, nobody would learn of it. */
  readonly isThere: (pc: number) => boolean;
  /** A number for everything that decides which words are fetched and which addresses translated. */
  readonly context: () => number;
}

const NONE = 0;
const ISSUE = mechanismNumber.issue;
/** Where outcomes begin to count when a configuration is read back; more than are under way. */
const OUTCOMES = 1024;

/**
 * A core that goes through its stages only where it has not been before (Schnarr and Larus, "Fast Out-Of-Order Processor Simulation
 * Using Memoization"): from what its stages hold at a commit, and the answers to what they ask, follows all that happens to the
 * next one. Time is the same, to the cycle; decision 0009.
 */
export class RememberingCore {
  readonly #ports: RememberingCorePorts;
  readonly #core: Core;
  readonly #store: PathStore;
  readonly #sites: FetchSites;
  readonly #recorded: RecordedSurroundings;
  readonly #writer = new ConfigurationWriter();
  readonly #reader = new ConfigurationReader();
  /** By mechanism: cycles of the commit that is being written down. */
  readonly #charges = new Map<number, number>();
  /** What the stages hold, if it is known by a number; and in which cycle. */
  #node = NONE;
  #cycle = 0;
  #context = 0;
  /** The stages themselves hold it. */
  #isInStages = true;
  #isOutdated = false;
  /** Of the path that was followed last: the last action that came true, and the answer of the question behind it. */
  #known = NONE;
  #given: number | undefined;

  constructor(ports: RememberingCorePorts) {
    this.#ports = ports;
    const { present, views, targetEntries, charge, targets, side, pageOf } = ports;
    const read = (pc: number): number => {
      if (!ports.isThere(pc)) this.#recorded.giveUp();
      return ports.read(pc);
    };
    const area = new StateArea();
    this.#store = new PathStore(usualCapacity, area);
    this.#sites = new FetchSites(usualCapacity.nodes, { targets, side, read, pageOf }, area);
    this.#recorded = new RecordedSurroundings(this.#store, present, this.#sites);
    this.#core = new Core({
      targetEntries,
      views,
      read,
      around: this.#recorded,
      charge: (mechanism, cycles) => {
        this.#charges.set(mechanism, (this.#charges.get(mechanism) ?? 0) + cycles);
        charge(mechanism, cycles);
      },
    });
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
    if (this.#isOutdated || this.#store.isFull || this.#sites.isFull) this.#forget();
    this.#settle(cycle);
    const next = this.#follow(executed);
    if (next !== NONE) {
      this.#node = next;
      this.#isInStages = false;
    } else this.#explore(executed);
  }

  /** What follows the instruction that has just committed is a trap's handler. */
  redirectToTrap(): void {
    this.#enterStages();
    this.#core.redirectToTrap();
    this.#node = NONE;
  }

  /** Code, or where it is, has changed: from the next commit on nothing is known. */
  forget(): void {
    this.#isOutdated = true;
  }

  #forget(): void {
    this.#isOutdated = false;
    this.#enterStages();
    this.#node = NONE;
    this.#store.clear();
    this.#sites.clear();
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
    if (context !== this.#context) this.#sites.outdate();
    this.#context = context;
    // The hart has waited in the meantime.
    this.#core.cycle = Math.max(cycle, this.#core.cycle);
    this.#number();
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
    this.#isInStages = true;
  }

  /** Finds the number of what the stages hold. */
  #number(): void {
    const writer = this.#writer;
    const core = this.#core;
    this.#cycle = core.cycle;
    writer.begin({ cycle: core.cycle, outcome: core.outcomes }, this.#context);
    core.exchange(writer);
    this.#node = this.#store.nodeOf(writer.words, writer.length);
  }

  /** Goes through the stages, from what they hold on, and writes down what is new of the path. */
  #explore(executed: Executed): void {
    const store = this.#store;
    const recorded = this.#recorded;
    this.#enterStages();
    const begin = this.#core.cycle;
    recorded.begin(this.#node, begin, this.#known, this.#given);
    recorded.passExecuted(executed.pc, executed.nextPc, variantOf(executed));
    this.#charges.clear();
    this.#core.commit(executed, begin);
    this.#number();
    if (!recorded.isRecording) return;
    const charges = [...this.#charges].flat();
    recorded.add(PathAction.commit, 0, {
      detail: this.#node,
      other: this.#core.cycle - begin,
      subject: store.addCharges(charges),
      object: charges.length,
    });
  }

  /** Follows the path of an instruction as far as it is known: the node at its end, or `NONE`. */
  #follow(executed: Executed): number {
    const store = this.#store;
    const { pc, nextPc } = executed;
    const variant = variantOf(executed);
    this.#known = NONE;
    this.#given = undefined;
    let action = store.firstOf(this.#node);
    while (
      action !== NONE &&
      (store.answerOf(action) !== nextPc ||
        store.subjectOf(action) !== pc ||
        store.detailOf(action) !== variant)
    ) {
      action = store.siblingOf(action);
    }
    while (action !== NONE) {
      this.#known = action;
      action = store.nextOf(action);
      if (action === NONE) break;
      const kind = store.kindOf(action);
      if (kind === PathAction.commit) return this.#arrive(action);
      if (kind <= LAST_QUESTION) {
        const answer = this.#answer(kind, action);
        while (action !== NONE && store.answerOf(action) !== answer) {
          action = store.siblingOf(action);
        }
        if (action === NONE) this.#given = answer;
      } else this.#happen(kind, action);
    }
    return NONE;
  }

  /** Books a path at its end. */
  #arrive(action: number): number {
    const store = this.#store;
    const { charge } = this.#ports;
    const first = store.subjectOf(action);
    const end = first + store.objectOf(action);
    const cycles = store.otherOf(action);
    this.#cycle += cycles;
    if (cycles === 1 && store.chargeAt(first) === ISSUE) charge(ISSUE, 1);
    else {
      for (let index = first; index < end; index += 2) {
        charge(store.chargeAt(index), store.chargeAt(index + 1));
      }
    }
    return store.detailOf(action);
  }

  /** Asks the question of an action. */
  #answer(kind: number, action: number): number {
    const store = this.#store;
    const { present } = this.#ports;
    switch (kind) {
      case PathAction.target:
        return this.#sites.target(store.detailOf(action));
      case PathAction.direction:
        return present.direction(store.subjectOf(action));
      case PathAction.returnTarget:
        return present.returnTarget();
      case PathAction.fetch: {
        const other = store.otherOf(action);
        const cycle = this.#cycle + (other >>> 1);
        return this.#sites.fetch(store.detailOf(action), (other & 1) !== 0, cycle);
      }
      case PathAction.translate:
        return present.translate(this.#cycle + store.otherOf(action));
      case PathAction.access:
        return present.access(store.detailOf(action), this.#cycle + store.otherOf(action));
      default:
        return present.meets(store.detailOf(action), store.otherOf(action)) ? 1 : 0;
    }
  }

  /** Does what an action says. */
  #happen(kind: number, action: number): void {
    const store = this.#store;
    const { present } = this.#ports;
    const detail = store.detailOf(action);
    switch (kind) {
      case PathAction.holdStore:
        present.holdStore(detail);
        return;
      case PathAction.passStore:
        present.passStore();
        return;
      case PathAction.useTarget:
        present.useTarget(detail);
        return;
      case PathAction.learnTarget:
        present.learnTarget(
          updateOfDetail(detail, store.subjectOf(action)),
          store.objectOf(action),
        );
        return;
      case PathAction.dropTargets:
        present.dropTargets();
        return;
      case PathAction.pushReturn:
        present.pushReturn(store.subjectOf(action));
        return;
      case PathAction.popReturn:
        present.popReturn();
        return;
      case PathAction.predict:
        present.predict(detail);
        return;
      case PathAction.resolve:
        present.resolve(store.subjectOf(action), store.otherOf(action), detail);
        return;
      case PathAction.rewind:
        present.rewind(detail);
        return;
      default:
        this.#sites.outdate();
        present.emptyInstructionCache();
    }
  }
}

const FAILS = 2;
const ACCESSES = 4;
const TRAPS = 8;
const OPERANDS = 16;

/** Everything that an instruction did besides where it went, as one number. */
function variantOf({ isTaken, fails, hasAccess, traps, operands }: Executed): number {
  return (
    (isTaken ? 1 : 0) |
    (fails ? FAILS : 0) |
    (hasAccess ? ACCESSES : 0) |
    (traps ? TRAPS : 0) |
    (operands * OPERANDS)
  );
}
