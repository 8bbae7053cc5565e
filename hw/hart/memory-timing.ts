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
/** Stands for the page of an address that is not translated. */
const NO_PAGE = -1;

/** Where an instruction is fetched. */
export interface Fetched {
  /** The last packet of it. */
  readonly packet: number;
  /** Whether it begins in the packet before. */
  readonly straddles: boolean;
}

/** A page that a TLB was asked for, whose entry counts as used where the cache makes the pipeline wait. */
class AskedPage {
  page = NO_PAGE;
  isVirtual = false;

  /** The page of an address under a regime. */
  ask(high: number, low: number, { stage1, stage2, virtual }: Regime): void {
    const isTranslated = stage1 !== undefined || stage2 !== undefined;
    this.page = isTranslated ? high * HIGH_PAGES + (low >>> PAGE_SHIFT) : NO_PAGE;
    this.isVirtual = virtual;
  }
}

/**
 * Lets pass the time that fetches and accesses of one hart wait for caches and translations; docs/timing.md, "Caches". The
 * cycle of the hart is that in which the instruction would commit, unless generated code says another one.
 */
export class MemoryTiming {
  readonly #ports: MemoryTimingPorts;
  readonly #fetched = new AskedPage();
  readonly #accessed = new AskedPage();
  /** Whether the last instruction that was fetched came in two packets. */
  #straddles = false;

  constructor(ports: MemoryTimingPorts) {
    this.#ports = ports;
  }

  /** The caches. */
  get core(): CoreMemory {
    return this.#ports.core;
  }

  /** Power-on. */
  reset(): void {
    this.#ports.core.reset();
  }

  /** A fetch needs the translation of an address. */
  translateFetch(high: number, low: number, need: Need, regime: Regime): void {
    const { core, mmu, state } = this.#ports;
    const { page, isVirtual } = this.#askForFetch(high, low, regime);
    if (page === NO_PAGE || core.translations.fetch.has(page, isVirtual)) return;
    const trace = mmu.recordWalk(page, need, regime);
    const until = core.walkForFetch(page, trace, state.cycle);
    this.#refetch(trace.hasStage2 ? WALK_2 : WALK_1, until - state.cycle);
  }

  /** Whether the TLB of fetches has what an address needs. */
  hasFetchPage(high: number, low: number, regime: Regime): boolean {
    const { page, isVirtual } = this.#askForFetch(high, low, regime);
    return page === NO_PAGE || this.#ports.core.translations.fetch.has(page, isVirtual);
  }

  /** Bytes at a physical address of main memory are fetched; the two in an aligned word are the rest of an instruction. */
  fetch(physical: number, bytes: 2 | 4): void {
    this.fetchAt(physical, bytes === 2 && (physical & 3) === 0, this.#ports.state.cycle);
  }

  /** The same in a cycle, of which `straddles` are the rest of an instruction: the cycles that pass. */
  fetchAt(physical: number, straddles: boolean, cycle: number): number {
    const { core } = this.#ports;
    this.#straddles = straddles;
    const waited = core.fetch(physical, straddles, cycle) - cycle;
    const { page, isVirtual } = this.#fetched;
    if (waited > 0 && page !== NO_PAGE) core.findsFetchPage(page, isVirtual);
    this.#refetch(INSTRUCTION_CACHE, waited);
    return waited;
  }

  /** An access needs the translation of an address. */
  translateData(high: number, low: number, need: Need, regime: Regime): void {
    this.translateDataAt(high, low, need, regime, this.#last, this.#ports.state.cycle);
  }

  /** The same in a cycle, for an instruction: the cycles that pass. */
  translateDataAt(
    high: number,
    low: number,
    need: Need,
    regime: Regime,
    fetched: Fetched,
    cycle: number,
  ): number {
    const { core, mmu, account } = this.#ports;
    const asked = this.#accessed;
    asked.ask(high, low, regime);
    const { page, isVirtual } = asked;
    if (page === NO_PAGE || core.translations.data.has(page, isVirtual)) return 0;
    const trace = mmu.recordWalk(page, need, regime);
    const until = core.walkForData(page, trace, cycle, fetched.straddles);
    this.#replay(fetched, cycle, until);
    account.charge(trace.hasStage2 ? WALK_2 : WALK_1, until - cycle);
    return until - cycle;
  }

  /** A physical address of main memory is accessed. */
  access(physical: number, kind: DataAccess): void {
    this.accessAt(physical, kind, this.#last, this.#ports.state.cycle);
  }

  /** The same in a cycle, for an instruction: the cycles that pass. */
  accessAt(physical: number, kind: DataAccess, fetched: Fetched, cycle: number): number {
    const { core, account } = this.#ports;
    const until = core.access(physical, kind, fetched.straddles, cycle);
    const waited = until - cycle;
    if (waited === 0) return 0;
    this.#replay(fetched, cycle, until);
    const { page, isVirtual } = this.#accessed;
    if (page !== NO_PAGE) core.findsDataPage(page, isVirtual);
    account.charge(DATA_CACHE, waited);
    return waited;
  }

  /** A CBO on the block at a physical address of main memory, which stays where it is or not. */
  giveUp(physical: number, keeps: boolean): void {
    const { core, state, account } = this.#ports;
    const { cycle } = state;
    const until = core.giveUp(physical, keeps, cycle);
    this.#replay(this.#last, cycle, until);
    account.charge(DATA_CACHE, until - cycle);
  }

  /** The instruction that was fetched last would commit in a cycle, and comes again. */
  repeat(cycle: number, until: number): void {
    this.#replay(this.#last, cycle, until);
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

  /** The instruction that was fetched last, as the instruction unit does. */
  get #last(): Fetched {
    return { packet: this.#ports.core.fetchedPacket, straddles: this.#straddles };
  }

  /** An instruction begins anew, and with it the front end. */
  #replay({ packet, straddles }: Fetched, cycle: number, until: number): void {
    if (!straddles) this.#ports.core.replay(packet, cycle, until);
  }

  #askForFetch(high: number, low: number, regime: Regime): AskedPage {
    this.#fetched.ask(high, low, regime);
    return this.#fetched;
  }

  /** Lets time pass behind which whatever was in the pipeline is done. */
  #refetch(mechanism: number, cycles: number): void {
    if (cycles === 0) return;
    const { account, pipeline } = this.#ports;
    account.charge(mechanism, cycles);
    pipeline.refetch();
  }
}
