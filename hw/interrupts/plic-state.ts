/** What the controller remembers; sets of sources are arrays of 32-bit words. */
export interface PlicState {
  /** By source; the first belongs to none. */
  readonly priority: number[];
  readonly pending: number[];
  /** Sources whose gateway waits for a completion before it forwards another request. */
  readonly inFlight: number[];
  /** `wordsPerContext` words of enables for each context. */
  readonly enabled: number[];
  readonly threshold: number[];
  /** Sources that software holds up, bit i for the source i places behind the wired ones. */
  raised: number;
}

/** Words of one set of sources: the map has room for 1024 (plic 4). */
export const wordsPerContext = 32;

/** Most sources, 0 being none (plic 3). */
export const maximumSource = 1023;

/** Highest priority; the lowest that interrupts is 1 (plic 4). */
export const maximumPriority = 7;

/** The state after reset: nothing enabled, no priority above "never". */
export function plicReset(contexts: number): PlicState {
  return {
    priority: new Array<number>(maximumSource + 1).fill(0),
    pending: new Array<number>(wordsPerContext).fill(0),
    inFlight: new Array<number>(wordsPerContext).fill(0),
    enabled: new Array<number>(contexts * wordsPerContext).fill(0),
    threshold: new Array<number>(contexts).fill(0),
    raised: 0,
  };
}

/** Whether a source is in a set that begins at a word. */
export function holds(set: readonly number[], source: number, firstWord = 0): boolean {
  return (((set[firstWord + (source >>> 5)] ?? 0) >>> (source & 31)) & 1) !== 0;
}

/** Puts a source into a set, or takes it out. */
export function put(set: number[], source: number, isIn: boolean): void {
  const word = set[source >>> 5] ?? 0;
  const bit = 1 << (source & 31);
  set[source >>> 5] = (isIn ? word | bit : word & ~bit) >>> 0;
}

/** The pending source that a context would claim: the highest priority, then the lowest number; 0 when there is none (plic 7, 9). */
export function foremost(state: PlicState, context: number): number {
  const first = context * wordsPerContext;
  let best = 0;
  for (let word = 0; word < wordsPerContext; word += 1) {
    let candidates = (state.pending[word] ?? 0) & (state.enabled[first + word] ?? 0);
    while (candidates !== 0) {
      const source = word * 32 + 31 - Math.clz32(candidates & -candidates);
      candidates &= candidates - 1;
      if ((state.priority[source] ?? 0) > (state.priority[best] ?? 0)) best = source;
    }
  }
  return best;
}

/** Whether a context is interrupted: something pending is above its threshold (plic 8). */
export function interrupts(state: PlicState, context: number): boolean {
  return (state.priority[foremost(state, context)] ?? 0) > (state.threshold[context] ?? 0);
}
