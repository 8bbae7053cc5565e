import { holds, maximumSource, type PlicState, put, wordsPerContext } from './plic-state.ts';

/** What of a controller's options its sources depend on. */
export interface PlicSources {
  /** Sources that wires drive, numbered from 1. */
  readonly wired: number;
  /** Sources behind them that software holds up. */
  readonly raised: number;
}

/** Whether a source asks for an interrupt: by its wire, or because software holds it up. */
function isAsking(
  { raised }: PlicState,
  { wired }: PlicSources,
  wires: readonly boolean[],
  source: number,
): boolean {
  return source > wired
    ? ((raised >>> (source - wired - 1)) & 1) !== 0
    : wires[source - 1] === true;
}

/** The sources whose gateways forward a request now: asking, and nothing of theirs in flight (plic 5). */
export function forwarding(
  state: PlicState,
  sources: PlicSources,
  wires: readonly boolean[],
): readonly number[] {
  const found: number[] = [];
  for (let source = 1; source <= sources.wired + sources.raised; source += 1) {
    if (!holds(state.inFlight, source) && isAsking(state, sources, wires, source)) {
      found.push(source);
    }
  }
  return found;
}

/** Bits of a word of a set that belong to sources: none to source 0, none behind the last. */
export function sourceBits({ wired, raised }: PlicSources, word: number): number {
  let bits = 0;
  for (let bit = 0; bit < 32; bit += 1) {
    const source = word * 32 + bit;
    if (source > 0 && source <= wired + raised) bits |= 1 << bit;
  }
  return bits >>> 0;
}

/** Takes a source out of what is pending; one that software holds up is let go (plic 9, duvisor 5.3). */
export function claim(draft: PlicState, { wired }: PlicSources, source: number): void {
  if (source === 0) return;
  put(draft.pending, source, false);
  if (source > wired) draft.raised &= ~(1 << (source - wired - 1));
}

/** Ends the service of a source; ignored unless the context has the source enabled (plic 10). */
export function complete(draft: PlicState, context: number, source: number): void {
  if (source > maximumSource) return;
  if (holds(draft.enabled, source, context * wordsPerContext)) put(draft.inFlight, source, false);
}
