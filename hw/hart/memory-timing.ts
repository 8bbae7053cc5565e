import type { HartState } from '../engine/index.ts';
import {
  type CoreMemory,
  type DataAccess,
  type FenceScope,
  mechanismNumber,
  type Pipeline,
} from '../timing/index.ts';
import type { CycleAccount } from './cycle-account.ts';
import type { Mmu, Need, Regime } from './mmu/index.ts';

/** What the timing of memory is wired to. */
export interface MemoryTimingPorts {
  readonly state: HartState;
  readonly account: CycleAccount;
  readonly pipeline: Pipeline;
  readonly mmu: Mmu;
  readonly core: CoreMemory;
}

const INSTRUCTION_CACHE = mechanismNumber['instruction-cache'];
const DATA_CACHE = mechanismNumber['data-cache'];
const WALK_1 = mechanismNumber['walk-stage-1'];
const WALK_2 = mechanismNumber['walk-stage-2'];
const HIGH_PAGES = 2 ** 20;
const PAGE_SHIFT = 12;

/**
 * Lets pass the time that fetches and accesses of one hart wait for caches and translations; docs/timing.md, "Caches". The
 * cycle of the hart is that in which the instruction would commit.
 */
export class MemoryTiming {
  readonly #ports: MemoryTimingPorts;

  constructor(ports: MemoryTimingPorts) {
    this.#ports = ports;
  }

  /** Power-on. */
  reset(): void {
    this.#ports.core.reset();
  }

  /** A fetch needs the translation of an address. */
  translateFetch(high: number, low: number, need: Need, regime: Regime): void {
    if (regime.stage1 === undefined && regime.stage2 === undefined) return;
    const { core, mmu, state } = this.#ports;
    const page = high * HIGH_PAGES + (low >>> PAGE_SHIFT);
    if (core.findsFetchPage(page, regime.virtual)) return;
    const trace = mmu.recordWalk(page, need, regime);
    const leaf = trace.hasStage2 ? WALK_2 : WALK_1;
    this.#wait(leaf, core.walkForFetch(page, trace, state.cycle));
  }

  /** Bytes at a physical address of main memory are fetched; the two in an aligned word are the rest of an instruction. */
  fetch(physical: number, bytes: 2 | 4): void {
    const { core, state } = this.#ports;
    const straddles = bytes === 2 && (physical & 3) === 0;
    this.#wait(INSTRUCTION_CACHE, core.fetch(physical, straddles, state.cycle));
  }

  /** An access needs the translation of an address. */
  translateData(high: number, low: number, need: Need, regime: Regime): void {
    if (regime.stage1 === undefined && regime.stage2 === undefined) return;
    const { core, mmu, state } = this.#ports;
    const page = high * HIGH_PAGES + (low >>> PAGE_SHIFT);
    if (core.findsDataPage(page, regime.virtual)) return;
    const trace = mmu.recordWalk(page, need, regime);
    const leaf = trace.hasStage2 ? WALK_2 : WALK_1;
    this.#wait(leaf, core.walkForData(page, trace, state.cycle));
  }

  /** A physical address of main memory is accessed. */
  access(physical: number, kind: DataAccess): void {
    const { core, state } = this.#ports;
    this.#wait(DATA_CACHE, core.access(physical, kind, state.cycle));
  }

  /** A CBO on the block at a physical address of main memory, which stays where it is or not. */
  giveUp(physical: number, keeps: boolean): void {
    const { core, state } = this.#ports;
    this.#wait(DATA_CACHE, core.giveUp(physical, keeps, state.cycle));
  }

  /** An instruction sends the front end somewhere at its commit slot, which empties the pipeline. */
  redirect(slot: number): void {
    this.#ports.core.redirect(slot);
  }

  /** The front end goes where a prediction, right or wrong, leads it. */
  speculate(): void {
    this.#ports.core.speculate();
  }

  /** FENCE.I. */
  flushInstructions(): void {
    this.#ports.core.flushInstructions();
  }

  /** A fence of translations; `forgetsTables` if it is one of all addresses, or of stage 2. */
  fence(scope: FenceScope, forgetsTables: boolean): void {
    this.#ports.core.fence(scope, forgetsTables);
  }

  /** Lets the time until a cycle pass; whatever is in the pipeline before is done by then. */
  #wait(mechanism: number, until: number): void {
    const { state, account, pipeline } = this.#ports;
    if (until === state.cycle) return;
    account.charge(mechanism, until - state.cycle);
    pipeline.refetch();
  }
}
