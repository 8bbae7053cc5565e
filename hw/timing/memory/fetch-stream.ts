import { FETCH } from './pipeline-distances.ts';
import type { StateArea } from './state-area.ts';

/** Bytes that the front end fetches at a time. */
const PACKET_BYTES = 4;
/** Packets behind a redirect by a committing instruction that are surely wanted. */
const CERTAIN_PACKETS = 2;
const NO_PACKET = -1;
/**
 * Cycles behind the end of a wait in which the packet behind it is still the next one: another instruction of its packet may come
 * first, and wait for the result.
 */
const NEXT_PACKET = 4;

const Word = { packet: 0, certain: 1, redirect: 2, waited: 3, since: 4, until: 5 } as const;

/**
 * What the front end knows about the packet it fetches. The cache is asked for a missing line only if the packet is surely
 * wanted: it is the first or second behind a redirect by a committing instruction, or behind one that begins anew (Rocket, `Frontend.scala`,
 * s0_speculative). Any other packet that misses goes down the pipeline, and begins anew when its turn comes.
 */
export class FetchStream {
  readonly #state: Float64Array;
  /** The packet that was fetched last; no state, since somebody asks only within an instruction. */
  #last = NO_PACKET;

  constructor(area: StateArea) {
    this.#state = area.numbers(Object.keys(Word).length);
    this.reset();
  }

  /** Power-on, which redirects. */
  reset(): void {
    this.redirect(0);
    this.#state[Word.waited] = NO_PACKET - 1;
  }

  /** Notes that an instruction, at the time of its commit slot, sent the front end somewhere. */
  redirect(time: number): void {
    this.#state[Word.packet] = NO_PACKET;
    this.#state[Word.certain] = CERTAIN_PACKETS;
    this.#state[Word.redirect] = time;
  }

  /** Where generated code finds what `replay` writes (f64 each): its arguments in their order. */
  get replayed(): readonly [number, number, number] {
    const at = (word: number): number =>
      this.#state.byteOffset + word * this.#state.BYTES_PER_ELEMENT;
    return [at(Word.waited), at(Word.since), at(Word.until)];
  }

  /** Whether no packet is surely wanted because of a redirect any more. */
  get isSettled(): boolean {
    return this.#state[Word.certain] === 0;
  }

  /** The packet that was fetched last. */
  get packet(): number {
    return this.#last;
  }

  /**
   * Notes that the instruction that ends in a packet begins anew, as if redirected at a time, and that it was done at another: the next packet
   * is surely wanted. Nothing but a miss of that packet depends on it.
   */
  replay(packet: number, since: number, until: number): void {
    this.#state[Word.waited] = packet;
    this.#state[Word.since] = since;
    this.#state[Word.until] = until;
  }

  /** Notes that the last packet, which was surely wanted, was there at a time and not before. */
  arrived(time: number): void {
    const before = CERTAIN_PACKETS - 1 - (this.#state[Word.certain] ?? 0);
    this.#state[Word.redirect] = time - FETCH - before;
  }

  /** Notes that the next packet is one of a prediction. */
  speculate(): void {
    this.#state[Word.packet] = NO_PACKET;
    this.#state[Word.certain] = 0;
  }

  /**
   * The next packet, at a physical address, for an instruction that would commit at a time: the earliest time at which its miss can be
   * known, if it is surely wanted.
   */
  next(address: number, time: number): number | undefined {
    const packet = packetOf(address);
    this.#last = packet;
    const certain = this.#state[Word.certain] ?? 0;
    if (certain === 0) return this.#behindWait(packet, time);
    if (packet === this.#state[Word.packet]) return undefined;
    // What is not asked for again is no state.
    this.#state[Word.packet] = certain === 1 ? NO_PACKET : packet;
    this.#state[Word.certain] = certain - 1;
    return (this.#state[Word.redirect] ?? 0) + FETCH + CERTAIN_PACKETS - certain;
  }

  #behindWait(packet: number, time: number): number | undefined {
    const waited = this.#state[Word.waited] ?? NO_PACKET;
    const until = this.#state[Word.until] ?? 0;
    const isNext = packet === waited + 1 && time <= until + NEXT_PACKET;
    return isNext ? (this.#state[Word.since] ?? 0) + FETCH + 1 : undefined;
  }
}

/** The packet in which a byte at a physical address is fetched. */
export function packetOf(address: number): number {
  return Math.floor(address / PACKET_BYTES);
}
