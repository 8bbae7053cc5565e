import { raise, TrapSignal } from '../engine/index.ts';
import { type AccessBytes, CACHE_BLOCK_BYTES, Cause, type Space } from '../isa/index.ts';
import type { BusPort } from '../kernel/index.ts';
import { type Pmp, PmpConfig } from '../pmc/index.ts';
import { isUncached } from '../timing/index.ts';
import type { CoreDriver } from './core-driver.ts';
import type { MemoryTiming } from './memory-timing.ts';
import { type Mmu, Need } from './mmu/index.ts';

/** What operations on cache blocks are wired to. */
export interface CacheBlocksPorts {
  readonly mmu: Mmu;
  readonly pmp: Pmp;
  readonly bus: BusPort;
  /** The core in stages, or what lets time pass for caches behind rules, where they are modelled. */
  readonly core?: Pick<CoreDriver, 'tries' | 'managed'> | undefined;
  readonly timing?: Pick<MemoryTiming, 'translateData' | 'giveUp'> | undefined;
  readonly memory: {
    store(address: bigint, bytes: AccessBytes, value: bigint, space: Space): void;
  };
}

const IN_BLOCK = CACHE_BLOCK_BYTES - 1;
const IN_PAGE = 4095;
const DOUBLEWORD = 8;

/** The store-like form of what a load raises: faults of CBO instructions are all reported as such (unpriv 19.2). */
const storeCauses: ReadonlyMap<number, number> = new Map([
  [Cause.loadPageFault, Cause.storePageFault],
  [Cause.loadGuestPageFault, Cause.storeGuestPageFault],
  [Cause.loadAccessFault, Cause.storeAccessFault],
]);

/** Carries out the CBO instructions of one hart; the trap value of a fault is the address as `rs1` has it. */
export class CacheBlocks {
  readonly #ports: CacheBlocksPorts;
  readonly #address = new BigUint64Array(1);
  readonly #halves = new Uint32Array(this.#address.buffer);

  constructor(ports: CacheBlocksPorts) {
    this.#ports = ports;
  }

  /**
   * Cleans, which leaves the block where it `keeps` being, flushes or invalidates: allowed where a load or a store is, and D does not
   * matter (unpriv 19.2).
   */
  manage(address: bigint, keeps: boolean): void {
    const physical = this.#reach(address, Need.read);
    const { bus, core, timing } = this.#ports;
    const latencyClass = bus.latencyOf(physical);
    if (latencyClass === undefined) this.#refuse(address);
    const [low = 0, high = 0] = this.#halves;
    core?.managed(high, low, physical, keeps);
    if (!isUncached(latencyClass)) timing?.giveUp(physical, keeps);
  }

  /** Writes zeros, which only main memory accepts. */
  zero(address: bigint): void {
    const physical = this.#reach(address, Need.write);
    if (this.#ports.bus.ram(physical)?.isWritable !== true) this.#refuse(address);
    const first = address & ~BigInt(IN_BLOCK);
    for (let offset = 0; offset < CACHE_BLOCK_BYTES; offset += DOUBLEWORD) {
      this.#ports.memory.store(first + BigInt(offset), DOUBLEWORD, 0n, 'current');
    }
  }

  /** The physical address of the block, every byte of which translation and protection let the access reach. */
  #reach(address: bigint, need: typeof Need.read | typeof Need.write): number {
    const { mmu, pmp } = this.#ports;
    const { data } = mmu.regimes;
    this.#address[0] = address;
    const [low = 0, high = 0] = this.#halves;
    this.#ports.core?.tries(high, low, need, false);
    try {
      this.#ports.timing?.translateData(high, low, need, data);
      const { frame } = mmu.resolve(high, low, 1, need, data);
      const block = frame + (low & IN_PAGE & ~IN_BLOCK);
      const wanted = need === Need.read ? PmpConfig.read : PmpConfig.write;
      if ((pmp.permissions(block, CACHE_BLOCK_BYTES, data) & wanted) === 0) this.#refuse(address);
      return block;
    } catch (signal) {
      if (signal instanceof TrapSignal)
        signal.cause = storeCauses.get(signal.cause) ?? signal.cause;
      throw signal;
    }
  }

  #refuse(address: bigint): never {
    return raise(Cause.storeAccessFault, address, { gva: this.#ports.mmu.regimes.data.virtual });
  }
}
