import { holds, maximumSource, type PlicState, put, wordsPerContext } from './plic-state.ts';

/** What of a controller's options its sources depend on. */
export interface PlicSources {
  /** Sources that wires drive, numbered from 1. */
  readonly wired: number;
  /** The first source that software holds up, and how many there are. */
  readonly first: number;
  readonly raised: number;
}

/** Whether software, and no wire, holds a source up. */
function isRaised({ first, raised }: PlicSources, source: number): boolean {
  return source >= first && source < first + raised;
}

/** Whether there is a source of that number. */
export function isSource(sources: PlicSources, source: number): boolean {
  return (source > 0 && source <= sources.wired) || isRaised(sources, source);
}

/** Every source there is, in order. */
function* everySource({ wired, first, raised }: PlicSources): Generator<number> {
  for (let source = 1; source <= wired; source += 1) yield source;
  for (let source = first; source < first + raised; source += 1) yield source;
}

/** Whether a source asks for an interrupt: by its wire, or because software holds it up. */
function isAsking(
  { raised }: PlicState,
  sources: PlicSources,
  wires: readonly boolean[],
  source: number,
): boolean {
  return isRaised(sources, source)
    ? ((raised >>> (source - sources.first)) & 1) !== 0
    : wires[source - 1] === true;
}

/** The sources whose gateways forward a request now: asking, and nothing of theirs in flight (plic 5). */
export function forwarding(
  state: PlicState,
  sources: PlicSources,
  wires: readonly boolean[],
): readonly number[] {
  const found: number[] = [];
  for (const source of everySource(sources)) {
    if (!holds(state.inFlight, source) && isAsking(state, sources, wires, source)) {
      found.push(source);
    }
  }
  return found;
}

/** Bits of a word of a set that belong to sources: none to source 0, none behind the last. */
export function sourceBits(sources: PlicSources, word: number): number {
  let bits = 0;
  for (const source of everySource(sources)) {
    if (source >>> 5 === word) bits |= 1 << (source & 31);
  }
  return bits >>> 0;
}

/** Takes a source out of what is pending; one that software holds up is let go (plic 9, duvisor 5.3). */
export function claim(draft: PlicState, sources: PlicSources, source: number): void {
  if (source === 0) return;
  put(draft.pending, source, false);
  if (isRaised(sources, source)) draft.raised &= ~(1 << (source - sources.first));
}

/** Ends the service of a source; ignored unless the context has the source enabled (plic 10). */
export function complete(draft: PlicState, context: number, source: number): void {
  if (source > maximumSource) return;
  if (holds(draft.enabled, source, context * wordsPerContext)) put(draft.inFlight, source, false);
}

/** Takes back what software holds up or is pending of the first of its sources; what was claimed waits for its completion. */
export function endFirst(draft: PlicState, { first }: PlicSources, count: number): void {
  for (let source = first; source < first + count; source += 1) {
    draft.raised &= ~(1 << (source - first));
    if (!holds(draft.pending, source)) continue;
    put(draft.pending, source, false);
    put(draft.inFlight, source, false);
  }
}
