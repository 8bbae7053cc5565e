import { loadedWord, postedMap } from '../dv-ext/index.ts';
import { raise } from '../engine/index.ts';
import { Cause, huVcpuid, hVmid } from '../isa/index.ts';
import type { BusPort } from '../kernel/index.ts';
import { mechanismNumber, type TimingParameters, uncachedExtra } from '../timing/index.ts';
import type { CsrFile } from './csr-file.ts';
import type { CycleAccount } from './cycle-account.ts';
import type { FieldPort } from './csr-port.ts';

/** The posted-interrupt unit that a hart is wired to. */
export interface PostedUnit {
  /** First physical address of the unit. */
  readonly base: number;
  /** What the unit numbers the hart. */
  readonly hart: number;
}

/** What the port is wired to. */
export interface PostingPortPorts {
  readonly unit: PostedUnit;
  readonly bus: BusPort;
  readonly csrs: CsrFile;
  readonly account: CycleAccount;
  readonly timing: TimingParameters;
  /** What a post that the unit refuses is. */
  readonly unknown: 'fault' | 'lost';
}

const HART_BYTES = 8;

/**
 * What a hart has to do with the posted-interrupt unit: it tells which vCPU it runs, and posts. Both are accesses to the
 * unit on the bus. A post waits for the answer, so that a posting fault is precise.
 */
export class PostingPort {
  readonly #ports: PostingPortPorts;
  readonly #vmid: FieldPort;
  readonly #vcpuid: FieldPort;
  #told: bigint;

  constructor(ports: PostingPortPorts) {
    this.#ports = ports;
    this.#vmid = ports.csrs.fieldPort(hVmid, 'vmid');
    this.#vcpuid = ports.csrs.fieldPort(huVcpuid, 'vcpuid');
    this.#told = this.#runs;
  }

  /** The unit knows what the hart runs: both were reset, or both restored. */
  reset(): void {
    this.#told = this.#runs;
  }

  /** Tells the unit which vCPU the hart runs, if it does not know. */
  tell(): void {
    const runs = this.#runs;
    if (runs === this.#told) return;
    this.#told = runs;
    const { bus, unit } = this.#ports;
    bus.write(unit.base + postedMap.loaded + unit.hart * HART_BYTES, HART_BYTES, runs);
    this.#charge('store');
  }

  /** Posts a virtual interrupt: the operand of a write to `hu_vitr`. */
  post(operand: bigint): void {
    const { bus, unit, unknown } = this.#ports;
    const address = unit.base + postedMap.post + unit.hart * HART_BYTES;
    bus.write(address, HART_BYTES, operand);
    const isRefused = bus.read(address, HART_BYTES) === 1n;
    this.#charge('load');
    if (isRefused && unknown === 'fault') raise(Cause.postingFault, operand);
  }

  get #runs(): bigint {
    return loadedWord(this.#vmid.value, this.#vcpuid.value);
  }

  #charge(direction: 'load' | 'store'): void {
    const { account, timing, bus, unit } = this.#ports;
    const extra = uncachedExtra(timing, bus.latencyOf(unit.base), direction);
    account.charge(mechanismNumber.uncached, extra);
  }
}
