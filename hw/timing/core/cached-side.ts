import {
  type CoreMemory,
  type DataAccess,
  LINE_BYTES,
  type StateArea,
  type WalkTrace,
} from '../memory/index.ts';
import { mechanismNumber } from '../mechanisms.ts';
import type { TimingParameters } from '../parameters.ts';
import { accessAnswer, AccessKind, HIT, SOILING_HIT } from './access-answer.ts';
import { Memory, memoryOf } from './control-word.ts';
import { fetchAnswer, fetchAnswerThatWaits, FetchOutcome } from './fetch-answer.ts';
import type { DataAddress, MemorySide } from './memory-side.ts';
import { NOTHING } from './surroundings.ts';
import { uncachedAccess } from './uncached-side.ts';
import { walkAnswer } from './walk-answer.ts';

/** What the caches' side of a core is wired to. */
export interface CachedSidePorts {
  readonly parameters: TimingParameters;
  readonly memory: CoreMemory;
  /** Where the address of a fetch is: its page if it is translated, its physical address; `undefined` if it cannot be fetched. */
  readonly locate: (pc: number) => LocatedFetch | undefined;
  /** What a walk for a page reads. */
  readonly recordFetchWalk: (page: number) => WalkTrace;
  readonly recordDataWalk: (page: number, isForGuest: boolean) => WalkTrace;
  /** Whether data are translated, in the name of a guest or not, and fetches. */
  readonly translatesData: (isForGuest: boolean) => boolean;
  readonly translatesFetches: () => boolean;
  /** Whether data, and fetches, are a guest's. */
  readonly dataAreVirtual: (isForGuest: boolean) => boolean;
  readonly fetchesAreVirtual: () => boolean;
}

/** Where a fetch goes. */
export interface LocatedFetch {
  readonly page: number;
  readonly physical: number;
}

const NEVER = -1;
/** The times and places that a side keeps, by their places in its memory. */
const Kept = {
  /** The line that is being fetched, and the cycle of its last beat. */
  refillLine: 0,
  refillEnd: 1,
  /** The page that the walker looks for on behalf of fetch, and when it answers. */
  walkPage: 2,
  walkEnd: 3,
} as const;
const INSTRUCTION_CACHE = mechanismNumber['instruction-cache'];

function walkMechanismOf({ hasStage2 }: WalkTrace): number {
  return mechanismNumber[hasStage2 ? 'walk-stage-2' : 'walk-stage-1'];
}

/** Room for the state of a `CachedSide`. */
export function cachedSideState(area: StateArea): Float64Array {
  return area.numbers(Object.keys(Kept).length);
}

/** The caches and TLBs of a core, stage by stage. */
export class CachedSide implements MemorySide {
  readonly #ports: CachedSidePorts;
  readonly #kept: Float64Array;

  constructor(ports: CachedSidePorts, state: Float64Array) {
    this.#ports = ports;
    this.#kept = state;
    this.reset();
  }

  reset(): void {
    this.#kept.fill(NEVER);
  }

  emptyInstructionCache(): void {
    this.#ports.memory.flushInstructions();
  }

  isStill(cycle: number): boolean {
    return cycle - 1 > (this.#kept[Kept.refillEnd] ?? NEVER);
  }

  get translatesData(): boolean {
    return this.#ports.translatesData(false);
  }

  fetch(pc: number, isCertain: boolean, cycle: number): number {
    const { memory, locate, translatesFetches, fetchesAreVirtual, recordFetchWalk } = this.#ports;
    const located = locate(pc);
    if (located === undefined) return fetchAnswer(FetchOutcome.there);
    const kept = this.#kept;
    const { page, physical } = located;
    if (translatesFetches()) {
      if (cycle <= (kept[Kept.walkEnd] ?? NEVER)) return fetchAnswer(FetchOutcome.coming);
      if (page !== kept[Kept.walkPage] && !memory.findsFetchPage(page, fetchesAreVirtual())) {
        kept[Kept.walkPage] = page;
        const trace = recordFetchWalk(page);
        kept[Kept.walkEnd] = memory.answerFetch(page, trace, cycle + 1);
        return fetchAnswerThatWaits(FetchOutcome.coming, walkMechanismOf(trace));
      }
      kept[Kept.walkPage] = NEVER;
    }
    const line = Math.floor(physical / LINE_BYTES);
    // The cache was read in the cycle before, and takes no reads while beats are written.
    const read = cycle - 1;
    const end = kept[Kept.refillEnd] ?? NEVER;
    if (read > end - memory.beats && read <= end) return fetchAnswer(FetchOutcome.coming);
    const isComing = read <= end;
    if (memory.instructions.holds(line) && !(isComing && line === kept[Kept.refillLine])) {
      return fetchAnswerThatWaits(FetchOutcome.there, undefined);
    }
    if (!isCertain) return fetchAnswerThatWaits(FetchOutcome.forbidden, INSTRUCTION_CACHE);
    if (!isComing) {
      kept[Kept.refillLine] = line;
      kept[Kept.refillEnd] = memory.instructions.refill(line, cycle + 1);
    }
    return fetchAnswerThatWaits(FetchOutcome.coming, INSTRUCTION_CACHE);
  }

  waitsUntil(cycle: number): number {
    const walkEnd = this.#kept[Kept.walkEnd] ?? NEVER;
    if (this.#ports.translatesFetches() && cycle - 2 <= walkEnd) return walkEnd + 1;
    // The cache is read in the cycle before.
    return (this.#kept[Kept.refillEnd] ?? NEVER) + 2;
  }

  translate({ page, isForGuest }: DataAddress, cycle: number): number {
    const { memory, translatesData, dataAreVirtual, recordDataWalk } = this.#ports;
    if (!translatesData(isForGuest)) return NOTHING;
    if (memory.findsDataPage(page, dataAreVirtual(isForGuest))) return NOTHING;
    const trace = recordDataWalk(page, isForGuest);
    const answered = memory.answerData(page, trace, cycle + 1);
    return walkAnswer(answered - cycle, walkMechanismOf(trace));
  }

  access({ physical, latencyClass }: DataAddress, control: number, cycle: number): number {
    const uncached = uncachedAccess(this.#ports.parameters, latencyClass);
    if (uncached !== undefined) return uncached;
    const { data } = this.#ports.memory;
    const line = Math.floor(physical / LINE_BYTES);
    const kind = accessKind(control);
    const found = data.find(line, kind);
    if (found !== 'misses') return found === 'hits' ? HIT : SOILING_HIT;
    const release = data.release(line, cycle);
    if (release !== undefined) {
      const { answered, ready } = release;
      return accessAnswer(AccessKind.miss, true, answered - cycle, ready - cycle);
    }
    const last = data.refill(line, kind, cycle) - cycle;
    return accessAnswer(AccessKind.miss, false, last, last + 1);
  }
}

function accessKind(control: number): DataAccess {
  const memory = memoryOf(control);
  if (memory === Memory.load) return 'read';
  return memory === Memory.loadReserved ? 'reserve' : 'write';
}
