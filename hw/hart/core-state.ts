import type { ByteRange } from '../kernel/index.ts';
import {
  cachedSideState,
  PendingStores,
  Predictors,
  type StateArea,
  stateBytes,
  type TimingParameters,
  WalkState,
} from '../timing/index.ts';
import { DeviceStore } from './device-store.ts';

/** What a core in stages remembers besides what is under way in them, in the hart's memory. */
export class CoreState {
  /** First of all, where generated code looks for it. */
  readonly walk: WalkState;
  readonly predictors: Predictors;
  readonly stores: PendingStores;
  /** Of the caches' side of the core. */
  readonly side: Float64Array;
  /** The mode that the last trap left, which pays until its handler begins (`CycleAccount.payer`). */
  readonly left: Uint32Array;
  readonly deviceStore: DeviceStore;

  constructor(timing: TimingParameters, area: StateArea) {
    this.walk = new WalkState(area);
    this.predictors = new Predictors(timing, area);
    this.stores = new PendingStores(area);
    this.side = cachedSideState(area);
    this.left = area.words(1);
    this.deviceStore = new DeviceStore(area);
  }

  /** Power-on. */
  reset(): void {
    this.predictors.reset();
    this.stores.reset();
    this.left[0] = 0;
    this.deviceStore.reset();
  }
}

/** Those of its bytes that decide something; how paths are followed does not. */
export function keptCoreBytes(timing: TimingParameters): ByteRange {
  const offset = stateBytes((area) => new WalkState(area));
  return { offset, bytes: coreStateBytes(timing) - offset };
}

/** What was counted already: to count is to make one. */
const counted = new WeakMap<TimingParameters, number>();

/** Bytes of hart memory that it takes. */
export function coreStateBytes(timing: TimingParameters): number {
  let bytes = counted.get(timing);
  if (bytes === undefined) {
    bytes = stateBytes((area) => new CoreState(timing, area));
    counted.set(timing, bytes);
  }
  return bytes;
}
