import type { HartState } from '../engine/index.ts';
import type { Decoded } from '../isa/index.ts';
import type { BusPort } from '../kernel/index.ts';
import {
  alwaysHitting,
  CachedSide,
  Core,
  type CoreMemory,
  dividerOperands,
  type FenceScope,
  type TimingParameters,
} from '../timing/index.ts';
import type { CycleAccount } from './cycle-account.ts';
import type { MemoryAccess } from './memory-access.ts';
import { type Mmu, Need, type Regime } from './mmu/index.ts';

/** What the driver is wired to. */
export interface CoreDriverPorts {
  readonly state: HartState;
  readonly account: CycleAccount;
  readonly bus: BusPort;
  readonly timing: TimingParameters;
  readonly memory: Pick<MemoryAccess, 'locateCode' | 'peek'>;
  readonly mmu: Mmu;
  /** Caches and TLBs; without them everything hits. */
  readonly caches: CoreMemory | undefined;
  readonly decode: (word: number) => Decoded | undefined;
}

const HIGH = 2 ** 32;
/** Virtual addresses of the core have 40 bits, the highest a sign. */
const HIGH_BITS = 0xff;
const SIGN = 0x80;
const SIGN_EXTENSION = 0xffff_ff00;

const HIGH_PAGES = 2 ** 20;
const PAGE_SHIFT = 12;

function pageOf(high: number, low: number): number {
  return high * HIGH_PAGES + (low >>> PAGE_SHIFT);
}

function isTranslated({ stage1, stage2 }: Regime): boolean {
  return stage1 !== undefined || stage2 !== undefined;
}

/** The high half of an address of the core. */
function highOf(pc: number): number {
  const high = Math.floor(pc / HIGH);
  return (high & SIGN) === 0 ? high : (high | SIGN_EXTENSION) >>> 0;
}

function addressOf(high: number, low: number): number {
  return (high & HIGH_BITS) * HIGH + low;
}

/** Tells the model of the core, stage by stage, what a hart executes, and the hart how long it took. */
export class CoreDriver {
  /** The instruction in hand has gone through the pipeline already. */
  hasCommitted = false;
  readonly #ports: CoreDriverPorts;
  readonly #core: Core;
  readonly #side: CachedSide | undefined;
  #high = 0;
  #low = 0;
  #physical = 0;
  #hasAccess = false;

  constructor(ports: CoreDriverPorts) {
    const { account, memory, decode, timing, caches } = ports;
    this.#ports = ports;
    const side = caches && this.#sideOf(caches);
    this.#side = side;
    this.#core = new Core({
      parameters: timing,
      decode,
      read: (pc) => {
        const physical = this.#locate(pc);
        return physical < 0 ? 0 : memory.peek(physical);
      },
      fetch: (pc, isCertain, cycle) => side?.fetch(pc, isCertain, cycle) ?? 'there',
      fetchWaitsFor: () => side?.fetchWaitsFor,
      data: side ?? alwaysHitting(timing),
      charge: (mechanism, cycles) => {
        account.charge(mechanism, cycles);
      },
      onInstructionFence: () => {
        side?.flushInstructions();
      },
    });
  }

  #sideOf(memory: CoreMemory): CachedSide {
    const { mmu, timing } = this.#ports;
    return new CachedSide({
      parameters: timing,
      memory,
      locate: (pc) => {
        const physical = this.#locate(pc);
        if (physical < 0) return undefined;
        return { page: pageOf(highOf(pc), pc % HIGH), physical };
      },
      recordFetchWalk: (page) => mmu.recordWalk(page, Need.execute, mmu.regimes.fetch),
      recordDataWalk: (page) => mmu.recordWalk(page, Need.read, mmu.regimes.data),
      translatesData: () => isTranslated(mmu.regimes.data),
      translatesFetches: () => isTranslated(mmu.regimes.fetch),
      isVirtual: () => mmu.regimes.fetch.virtual,
    });
  }

  /** Where a virtual address is fetched from, negative if nowhere. */
  #locate(pc: number): number {
    return this.#ports.memory.locateCode(highOf(pc), pc % HIGH);
  }

  /** A fence of translations; `forgetsTables` if it is one of all addresses, or of stage 2. */
  fence(scope: FenceScope, forgetsTables: boolean): void {
    this.#ports.caches?.fence(scope, forgetsTables);
  }

  /** Power-on. */
  reset(): void {
    this.#core.reset();
    this.#side?.reset();
    this.#ports.caches?.reset();
    this.hasCommitted = false;
  }

  /** The instruction that executes next has made no access yet. */
  begin(): void {
    this.hasCommitted = false;
    this.#hasAccess = false;
  }

  /** An access was made. */
  accessed(high: number, low: number, physical: number): void {
    this.#high = high;
    this.#low = low;
    this.#physical = physical;
    this.#hasAccess = true;
  }

  /** Operands of a division or square root, as they were before it. */
  dividerOperands({ instruction, frs1, frs2 }: Decoded) {
    const { f } = this.#ports.state;
    const { timing } = instruction;
    if (!timing.startsWith('floatDivide') && !timing.startsWith('floatSquareRoot'))
      return undefined;
    const [first = 0n, second = 0n] = [f[frs1], f[frs2]];
    return dividerOperands(
      timing.endsWith('Double'),
      timing.startsWith('floatSquareRoot'),
      first,
      second,
    );
  }

  /** Lets an instruction commit. */
  commit(executed: {
    readonly pcHigh: number;
    readonly pcLow: number;
    readonly nextHigh: number;
    readonly nextLow: number;
    readonly isTaken: boolean;
    /** A store-conditional that did not store. */
    readonly fails: boolean;
    readonly first: bigint;
    readonly second: bigint;
    readonly divider: ReturnType<CoreDriver['dividerOperands']>;
  }): void {
    const { pcHigh, pcLow, nextHigh, nextLow, isTaken, first, second, divider } = executed;
    const { bus, state } = this.#ports;
    const access = this.#hasAccess
      ? {
          virtual: this.#low,
          page: pageOf(this.#high, this.#low),
          physical: this.#physical,
          latencyClass: bus.latencyOf(this.#physical),
          fails: executed.fails,
        }
      : undefined;
    const pc = addressOf(pcHigh, pcLow);
    const nextPc = addressOf(nextHigh, nextLow);
    this.#core.commit(
      { pc, nextPc, isTaken, access, first, second, divider, traps: false },
      state.cycle,
    );
    this.hasCommitted = true;
  }

  /** The instruction at the program counter takes a trap, or an interrupt comes in its place. */
  trap(isInterrupt: boolean): void {
    const { state } = this.#ports;
    const { pcHigh, pcLow, cycle } = state;
    if (isInterrupt || !this.hasCommitted) {
      const pc = addressOf(pcHigh, pcLow);
      this.#core.commit(
        {
          pc,
          nextPc: pc,
          isTaken: false,
          access: undefined,
          first: 0n,
          second: 0n,
          divider: undefined,
          traps: true,
        },
        cycle,
      );
    }
    this.#core.redirectToTrap();
  }
}
