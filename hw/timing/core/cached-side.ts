import { type CoreMemory, type DataAccess, LINE_BYTES, type WalkTrace } from '../memory/index.ts';
import { mechanismNumber } from '../mechanisms.ts';
import type { TimingParameters } from '../parameters.ts';
import type { AccessOutcome, DataAddress, DataSide } from './data-pipe.ts';
import type { FetchOutcome } from './front-end.ts';
import type { InstructionView } from './instruction-view.ts';
import { HIT, uncachedAccess } from './uncached-side.ts';

/** What the caches' side of a core is wired to. */
export interface CachedSidePorts {
  readonly parameters: TimingParameters;
  readonly memory: CoreMemory;
  /** Where the address of a fetch is: its page if it is translated, its physical address; `undefined` if it cannot be fetched. */
  readonly locate: (pc: number) => LocatedFetch | undefined;
  /** What a walk for a page reads. */
  readonly recordFetchWalk: (page: number) => WalkTrace;
  readonly recordDataWalk: (page: number) => WalkTrace;
  /** Whether data are translated, and fetches. */
  readonly translatesData: () => boolean;
  readonly translatesFetches: () => boolean;
  readonly isVirtual: () => boolean;
}

/** Where a fetch goes. */
export interface LocatedFetch {
  readonly page: number;
  readonly physical: number;
}

const NEVER = -1;
const INSTRUCTION_CACHE = mechanismNumber['instruction-cache'];

function walkMechanismOf({ hasStage2 }: WalkTrace): number {
  return mechanismNumber[hasStage2 ? 'walk-stage-2' : 'walk-stage-1'];
}

/** The caches and TLBs of a core, stage by stage. */
export class CachedSide implements DataSide {
  walkMechanism: number = mechanismNumber['walk-stage-1'];
  /** The mechanism that fetch waits for, if anything. */
  fetchWaitsFor: number | undefined;
  readonly #ports: CachedSidePorts;
  /** The line that is being fetched, and the cycle of its last beat. */
  #refillLine = NEVER;
  #refillEnd = NEVER;
  /** The page that the walker looks for on behalf of fetch, and when it answers. */
  #walkPage = NEVER;
  #walkEnd = NEVER;

  constructor(ports: CachedSidePorts) {
    this.#ports = ports;
  }

  /** Nothing under way. */
  reset(): void {
    this.#refillLine = NEVER;
    this.#refillEnd = NEVER;
    this.#walkPage = NEVER;
    this.#walkEnd = NEVER;
  }

  /** FENCE.I. */
  flushInstructions(): void {
    this.#ports.memory.flushInstructions();
  }

  /** A fetch whose first stage is in a cycle. */
  fetch(pc: number, isCertain: boolean, cycle: number): FetchOutcome {
    const { memory, locate, translatesFetches, isVirtual, recordFetchWalk } = this.#ports;
    const located = locate(pc);
    if (located === undefined) return 'there';
    const { page, physical } = located;
    if (translatesFetches()) {
      if (cycle <= this.#walkEnd) return 'coming';
      if (page !== this.#walkPage && !memory.findsFetchPage(page, isVirtual())) {
        this.#walkPage = page;
        const trace = recordFetchWalk(page);
        this.fetchWaitsFor = walkMechanismOf(trace);
        this.#walkEnd = memory.answerFetch(page, trace, cycle + 1);
        return 'coming';
      }
      this.#walkPage = NEVER;
    }
    const line = Math.floor(physical / LINE_BYTES);
    // The cache was read in the cycle before, and takes no reads while beats are written.
    const read = cycle - 1;
    if (read > this.#refillEnd - memory.beats && read <= this.#refillEnd) return 'coming';
    const isComing = read <= this.#refillEnd;
    if (memory.instructions.holds(line) && !(isComing && line === this.#refillLine)) {
      this.fetchWaitsFor = undefined;
      return 'there';
    }
    this.fetchWaitsFor = INSTRUCTION_CACHE;
    if (!isCertain) return 'forbidden';
    if (!isComing) {
      this.#refillLine = line;
      this.#refillEnd = memory.instructions.refill(line, cycle + 1);
    }
    return 'coming';
  }

  translate({ page }: DataAddress, cycle: number): number | undefined {
    const { memory, translatesData, isVirtual, recordDataWalk } = this.#ports;
    if (!translatesData() || memory.findsDataPage(page, isVirtual())) return undefined;
    const trace = recordDataWalk(page);
    this.walkMechanism = walkMechanismOf(trace);
    return memory.answerData(page, trace, cycle + 1);
  }

  access(
    { physical, latencyClass }: DataAddress,
    view: InstructionView,
    cycle: number,
  ): AccessOutcome {
    const uncached = uncachedAccess(this.#ports.parameters, latencyClass);
    if (uncached !== undefined) return uncached;
    const { data } = this.#ports.memory;
    const line = Math.floor(physical / LINE_BYTES);
    const kind = accessKind(view);
    const { isHit, soils } = data.find(line, kind);
    if (isHit) return soils ? { ...HIT, soils } : HIT;
    const release = data.release(line, cycle);
    if (release !== undefined) {
      const { answered, ready } = release;
      return { ...HIT, isHit: false, granted: answered, busyUntil: ready, isReleasing: true };
    }
    const last = data.refill(line, kind, cycle);
    return { ...HIT, isHit: false, granted: last, busyUntil: last + 1 };
  }
}

function accessKind({ memory }: InstructionView): DataAccess {
  if (memory === 'load') return 'read';
  return memory === 'loadReserved' ? 'reserve' : 'write';
}
