import { PathAction } from './path-actions.ts';
import type { PathStore } from './path-store.ts';
import type { PresentSurroundings } from './present-surroundings.ts';
import type { Transfer } from './branch-target-buffer.ts';
import { NAMED, nameOf } from './entry-names.ts';
import { type FetchSites, isRenaming } from './fetch-sites.ts';
import { NOTHING, type Surroundings, type TargetUpdate } from './surroundings.ts';
import { withEntry } from './target-answer.ts';

const NONE = 0;

/** Where the entry begins in the detail of an update of the target buffer. */
export const ENTRY_SHIFT = 3;

/** An update of the target buffer in one word, and its address. */
function detailOf({ entry, isValid, kind }: TargetUpdate): number {
  return (entry << ENTRY_SHIFT) + kind * 2 + (isValid ? 1 : 0);
}

/** The update of such a word. */
export function updateOfDetail(detail: number, pc: number): TargetUpdate {
  const kind = ((detail >>> 1) & 3) as Transfer;
  return { entry: detail >>> ENTRY_SHIFT, isValid: (detail & 1) !== 0, kind, pc };
}

/**
 * Lets the stages go along a path that is known, whose answers they get once more while nothing happens a second time, and writes
 * down how it goes on from its end.
 */
export class RecordedSurroundings implements Surroundings {
  readonly #store: PathStore;
  readonly #present: PresentSurroundings;
  readonly #sites: FetchSites;
  /** The known actions, in order, and how many have been gone through. */
  readonly #known: number[] = [];
  #passed = 0;
  /** An answer that was given already to the first question that is not known. */
  #given: number | undefined;
  #node = NONE;
  #last = NONE;
  #isRecording = false;
  #isPassing = false;
  #begin = 0;
  #found = 0;
  /** The target buffer takes the word that is fetched for a branch, so that its direction matters. */
  #isBranch = false;

  constructor(store: PathStore, present: PresentSurroundings, sites: FetchSites) {
    this.#store = store;
    this.#present = present;
    this.#sites = sites;
  }

  /** Begins at a node in a cycle, with a path that is known up to an action and the answer of the question behind it, if it was asked. */
  begin(node: number, cycle: number, known: number, given: number | undefined): void {
    this.#node = node;
    this.#begin = cycle;
    this.#last = known;
    this.#given = given;
    this.#isRecording = true;
    this.#isPassing = false;
    this.#passed = 0;
    this.#known.length = 0;
    for (let action = known; action !== NONE; action = this.#store.parentOf(action)) {
      this.#known.push(action);
    }
    this.#known.reverse();
  }

  /** Nothing of this commit is written down, so that nothing needs a number or a name. */
  pass(): void {
    this.#isRecording = false;
    this.#isPassing = true;
  }

  /** Whether nothing is known and nothing will be. */
  get #isFree(): boolean {
    return this.#isPassing && this.#given === undefined && this.#passed === this.#known.length;
  }

  /** What happens from now on in this commit is not written down. */
  giveUp(): void {
    this.#isRecording = false;
  }

  /** Whether everything since `begin` was written down. */
  get isRecording(): boolean {
    return this.#isRecording;
  }

  /** Adds an action at the end of the path. */
  add(
    kind: PathAction,
    answer: number,
    { subject = 0, object = 0, detail = 0, other = 0, extra = 0 } = {},
  ): void {
    if (!this.#isRecording) return;
    const action = { kind, answer, subject, object, detail, other, extra };
    this.#last = this.#store.add(this.#node, this.#last, action);
  }

  /** The next action is the instruction that is to commit: it is known, or added. */
  passExecuted(pc: number, nextPc: number, variant: number): void {
    if (this.#again() !== NONE) return;
    this.add(PathAction.executed, nextPc, { subject: pc, detail: variant });
  }

  target(pc: number): number {
    if (this.#isFree) return this.#present.target(pc);
    const known = this.#again();
    const answer = known === NONE ? this.#lookUp(pc) : this.#store.answerOf(known);
    const which = known === NONE ? this.#found : this.#store.extraOf(known);
    this.#isBranch = (answer & 3) === 3;
    if (!isRenaming(answer)) return answer;
    this.#sites.give(this.#sites.of(pc), which);
    return withEntry(answer, NAMED + which);
  }

  /** Asks the target buffer; `#found` is then which name of the site the entry has. */
  #lookUp(pc: number): number {
    this.#given = undefined;
    const found = this.#present.target(pc);
    const site = this.#sites.of(pc);
    if (this.#sites.hasDropped) {
      this.giveUp();
      this.#found = 0;
      return found;
    }
    const answer = this.#sites.named(site, found);
    const which = this.#sites.nameFor(site, answer);
    if (isRenaming(answer)) this.#sites.rename(site, which);
    this.add(PathAction.target, answer, { subject: pc, detail: site, extra: which });
    this.#found = which;
    return answer;
  }

  entryOf(pc: number, entry: number): number {
    if (entry < NAMED) return entry;
    const name = nameOf(this.#sites.of(pc), entry - NAMED);
    this.#sites.use(name);
    return name;
  }

  direction(pc: number): number {
    if (this.#isFree) return this.#present.direction(pc);
    const site = this.#sites.of(pc);
    // Nobody asks which way a word goes that holds no branch.
    if (!this.#isBranch && !this.#sites.mayBranch(site)) return 0;
    const place = this.#present.directionPlace(pc);
    return this.#ask(PathAction.direction, pc, place, 0, () => this.#present.direction(pc));
  }

  returnTarget(): number {
    if (this.#isFree) return this.#present.returnTarget();
    return this.#ask(PathAction.returnTarget, 0, 0, 0, () => this.#present.returnTarget());
  }

  fetch(pc: number, isCertain: boolean, cycle: number): number {
    if (this.#isFree) return this.#sites.fetchFrom(pc, isCertain, cycle);
    const other = 2 * (cycle - this.#begin) + (isCertain ? 1 : 0);
    return this.#ask(PathAction.fetch, pc, this.#sites.of(pc), other, () =>
      this.#sites.fetch(this.#sites.of(pc), isCertain, cycle),
    );
  }

  rest(most: number, cycle: number): number {
    return this.#ask(PathAction.rest, 0, most, cycle - this.#begin, () =>
      this.#present.rest(most, cycle),
    );
  }

  translate(cycle: number): number {
    if (!this.#present.mayTranslate) return NOTHING;
    return this.#ask(PathAction.translate, 0, 0, cycle - this.#begin, () =>
      this.#present.translate(cycle),
    );
  }

  access(view: number, cycle: number): number {
    const known = this.#again();
    if (known !== NONE) return this.#store.answerOf(known);
    const answer = this.#given ?? this.#present.access(view, cycle);
    this.#given = undefined;
    const extra = this.#present.onlyReads(view) ? 0 : 1;
    this.add(PathAction.access, answer, { detail: view, other: cycle - this.#begin, extra });
    return answer;
  }

  isLate(cycle: number): number {
    const present = (): number => this.#present.isLate(cycle);
    return this.#ask(PathAction.isLate, 0, 0, cycle - this.#begin, present);
  }

  pause(cycle: number): number {
    return this.#ask(PathAction.pause, 0, 0, cycle - this.#begin, () => this.#present.pause(cycle));
  }

  meets(stores: number, bytes: number): boolean {
    const meets = (): number => (this.#present.meets(stores, bytes) ? 1 : 0);
    return this.#ask(PathAction.meets, 0, stores, bytes, meets) === 1;
  }

  holdStore(bytes: number): void {
    if (this.#again() !== NONE) return;
    this.#present.holdStore(bytes);
    this.add(PathAction.holdStore, 0, { detail: bytes });
  }

  passStore(): void {
    if (this.#again() !== NONE) return;
    this.#present.passStore();
    this.add(PathAction.passStore, 0);
  }

  useTarget(entry: number): void {
    if (this.#again() !== NONE) return;
    this.#present.useTarget(this.#sites.entryOf(entry));
    this.add(PathAction.useTarget, 0, { detail: entry });
  }

  learnTarget(update: TargetUpdate, target: number): void {
    if (this.#again() !== NONE) return;
    const entry = this.#sites.entryOf(update.entry);
    this.#present.learnTarget({ ...update, entry }, target);
    const detail = detailOf(update);
    this.add(PathAction.learnTarget, NOTHING, { subject: update.pc, object: target, detail });
  }

  dropTargets(): void {
    if (this.#again() !== NONE) return;
    this.#present.dropTargets();
    this.add(PathAction.dropTargets, 0);
  }

  pushReturn(address: number): void {
    if (this.#again() !== NONE) return;
    this.#present.pushReturn(address);
    this.add(PathAction.pushReturn, 0, { subject: address });
  }

  popReturn(): void {
    if (this.#again() !== NONE) return;
    this.#present.popReturn();
    this.add(PathAction.popReturn, 0);
  }

  predict(taken: number): void {
    if (this.#again() !== NONE) return;
    this.#present.predict(taken);
    this.add(PathAction.predict, 0, { detail: taken });
  }

  resolve(pc: number, age: number, taken: number): void {
    if (this.#again() !== NONE) return;
    this.#present.resolve(pc, age, taken);
    const detail = 2 * this.#present.directionPlace(pc) + taken;
    this.add(PathAction.resolve, 0, { subject: pc, detail, other: age });
  }

  rewind(age: number): void {
    if (this.#again() !== NONE) return;
    this.#present.rewind(age);
    this.add(PathAction.rewind, 0, { detail: age });
  }

  emptyInstructionCache(): void {
    if (this.#again() !== NONE) return;
    this.#sites.outdate();
    this.#present.emptyInstructionCache();
    this.add(PathAction.emptyInstructionCache, 0);
  }

  /** The next of the known actions, which is gone through; 0 behind the last. */
  #again(): number {
    const known = this.#known[this.#passed];
    if (known === undefined) return NONE;
    this.#passed += 1;
    return known;
  }

  #ask(
    kind: PathAction,
    subject: number,
    detail: number,
    other: number,
    present: () => number,
  ): number {
    const known = this.#again();
    if (known !== NONE) return this.#store.answerOf(known);
    const answer = this.#given ?? present();
    this.#given = undefined;
    this.add(kind, answer, { subject, detail, other });
    return answer;
  }
}
