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
import { isUncached, uncachedAccess } from './uncached-side.ts';
import { walkAnswer } from './walk-answer.ts';

/** What the caches' side of a core is wired to. */
export interface CachedSidePorts {
  readonly parameters: TimingParameters;
  readonly memory: CoreMemory;
  /** Where the address of a fetch is. */
  readonly locate: (pc: number) => LocatedFetch;
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
  /** The page of 4 KiB, virtual if fetches are translated. */
  readonly page: number;
  /** The physical address; negative if it cannot be fetched. */
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
  /** The page whose last walk for fetch, and for data, was one that finds out where stage 2 lacks it. */
  fetchFault: 4,
  dataFault: 5,
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
    const { memory, locate, translatesFetches } = this.#ports;
    const kept = this.#kept;
    const { page, physical } = locate(pc);
    if (translatesFetches()) {
      if (cycle <= (kept[Kept.walkEnd] ?? NEVER)) return fetchAnswer(FetchOutcome.coming);
      const trace = this.#walkForFetch(page, physical < 0);
      if (trace !== undefined) {
        kept[Kept.walkPage] = page;
        kept[Kept.walkEnd] = memory.answerFetch(page, trace, cycle + 1);
        return fetchAnswerThatWaits(FetchOutcome.coming, walkMechanismOf(trace));
      }
      kept[Kept.walkPage] = NEVER;
    }
    if (physical < 0) return fetchAnswer(FetchOutcome.there);
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

  /** The walk that a fetch from a page must wait for; `fails` if it will not be made. */
  #walkForFetch(page: number, fails: boolean): WalkTrace | undefined {
    const { memory, fetchesAreVirtual, recordFetchWalk } = this.#ports;
    const isKnown =
      page === this.#kept[Kept.walkPage] || memory.findsFetchPage(page, fetchesAreVirtual());
    if (isKnown && !fails) return undefined;
    const trace = recordFetchWalk(page);
    return this.#mustWalk(page, trace, isKnown, Kept.fetchFault) ? trace : undefined;
  }

  /**
   * Whether a page is walked for that fails, or that the TLB does not know. One that stage 2 lacks is walked for twice: the TLB keeps
   * that it does, and only the second walk finds out where (`TLB.scala`, gpa_hits). An address that is none at all is not walked for.
   */
  #mustWalk(page: number, trace: WalkTrace, isKnown: boolean, fault: number): boolean {
    const isReported = !trace.isGuestFault || this.#kept[fault] === page;
    if (trace.count === 0 || (isKnown && isReported)) return false;
    this.#kept[fault] = isKnown ? page : NEVER;
    return true;
  }

  translate({ page, isForGuest, traps }: DataAddress, cycle: number): number {
    const { memory, translatesData, dataAreVirtual, recordDataWalk } = this.#ports;
    if (!translatesData(isForGuest)) return NOTHING;
    const isKnown = memory.findsDataPage(page, dataAreVirtual(isForGuest));
    if (isKnown && !traps) return NOTHING;
    const trace = recordDataWalk(page, isForGuest);
    if (!this.#mustWalk(page, trace, isKnown, Kept.dataFault)) return NOTHING;
    const answered = memory.answerData(page, trace, cycle + 1);
    return walkAnswer(answered - cycle, walkMechanismOf(trace));
  }

  access(address: DataAddress, control: number, cycle: number): number {
    const { physical, latencyClass } = address;
    const { data } = this.#ports.memory;
    const line = Math.floor(physical / LINE_BYTES);
    if (memoryOf(control) === Memory.cacheBlock) {
      if (isUncached(latencyClass)) return HIT;
      const answered = data.giveUp(line, address.keepsLine, cycle);
      return accessAnswer(AccessKind.uncached, false, answered - cycle);
    }
    const uncached = uncachedAccess(this.#ports.parameters, latencyClass);
    if (uncached !== undefined) return uncached;
    const kind = accessKind(control);
    const found = data.find(line, kind);
    if (found !== 'misses') return found === 'hits' ? HIT : SOILING_HIT;
    const place = data.placeFor(line);
    if (data.mustRelease(line, place)) {
      const answered = data.release(place, cycle);
      return accessAnswer(AccessKind.miss, true, answered - cycle, data.releaseTime);
    }
    const last = data.refill(line, place, kind, cycle) - cycle;
    return accessAnswer(AccessKind.miss, false, last, last + 1);
  }
}

function accessKind(control: number): DataAccess {
  const memory = memoryOf(control);
  if (memory === Memory.load) return 'read';
  return memory === Memory.loadReserved ? 'reserve' : 'write';
}
