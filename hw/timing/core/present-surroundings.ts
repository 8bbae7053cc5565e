import { Memory, memoryOf } from './control-word.ts';
import type { ControlWords } from './control-words.ts';
import type { DataAddress, MemorySide } from './memory-side.ts';
import type { PendingStores } from './pending-stores.ts';
import type { Predictors } from './predictors.ts';
import type { Surroundings, TargetUpdate } from './surroundings.ts';

/** What lies around a core, by its parts. */
export interface SurroundingParts {
  readonly predictors: Predictors;
  readonly stores: PendingStores;
  readonly side: MemorySide;
  readonly views: ControlWords;
  /** The access of the instruction in hand. */
  readonly address: DataAddress;
  /** Cycles from one on until the low bits of `mcycle` are zero. */
  readonly untilWrap: (cycle: number) => number;
  /** Whether a store-conditional that is decided in a cycle comes too late. */
  readonly isLate: (cycle: number) => boolean;
}

/** Passes on what the stages ask and tell, as it comes. */
export class PresentSurroundings implements Surroundings {
  readonly #parts: SurroundingParts;

  constructor(parts: SurroundingParts) {
    this.#parts = parts;
  }

  target(pc: number): number {
    return this.#parts.predictors.targets.lookup(pc);
  }

  entryOf(_pc: number, entry: number): number {
    return entry;
  }

  direction(pc: number): number {
    return this.#parts.predictors.history.predict(pc);
  }

  /** The part of the predictor's index that follows from an address. */
  directionPlace(pc: number): number {
    return this.#parts.predictors.history.placeOf(pc);
  }

  /** Whether the access in hand may be translated; a context in which data are not is one of its own, unlike one where guests' are not. */
  get mayTranslate(): boolean {
    const { side, address } = this.#parts;
    return address.isForGuest || side.translatesData;
  }

  /** Whether an instruction, by the number of its control word, only reads memory. */
  onlyReads(view: number): boolean {
    return memoryOf(this.#parts.views.controlAt(view)) === Memory.load;
  }

  returnTarget(): number {
    return this.#parts.predictors.returns.top;
  }

  fetch(pc: number, isCertain: boolean, cycle: number): number {
    return this.#parts.side.fetch(pc, isCertain, cycle);
  }

  rest(most: number, cycle: number): number {
    return Math.max(0, Math.min(most, this.#parts.side.waitsUntil(cycle) - cycle));
  }

  translate(cycle: number): number {
    return this.#parts.side.translate(this.#parts.address, cycle);
  }

  access(view: number, cycle: number): number {
    const { side, address, views } = this.#parts;
    return side.access(address, views.controlAt(view), cycle);
  }

  isLate(cycle: number): number {
    return this.#parts.isLate(cycle) ? 1 : 0;
  }

  pause(cycle: number): number {
    return this.#parts.untilWrap(cycle);
  }

  meets(stores: number, bytes: number): boolean {
    const { stores: pending, address } = this.#parts;
    return pending.meets(stores, address.virtual, bytes);
  }

  holdStore(bytes: number): void {
    this.#parts.stores.hold(this.#parts.address.virtual, bytes);
  }

  passStore(): void {
    this.#parts.stores.pass();
  }

  useTarget(entry: number): void {
    this.#parts.predictors.targets.use(entry);
  }

  learnTarget(update: TargetUpdate, target: number): void {
    this.#parts.predictors.targets.learn(update, target);
  }

  dropTargets(): void {
    this.#parts.predictors.targets.flush();
  }

  pushReturn(address: number): void {
    this.#parts.predictors.returns.push(address);
  }

  popReturn(): void {
    this.#parts.predictors.returns.pop();
  }

  predict(taken: number): void {
    this.#parts.predictors.history.advance(taken);
  }

  resolve(pc: number, age: number, taken: number): void {
    this.#parts.predictors.history.resolve(pc, age, taken);
  }

  rewind(age: number): void {
    this.#parts.predictors.history.rewind(age);
  }

  emptyInstructionCache(): void {
    this.#parts.side.emptyInstructionCache();
  }
}
