import { FETCH } from './pipeline-distances.ts';
import type { StateArea } from './state-area.ts';

/** Bytes that the front end fetches at a time. */
const PACKET_BYTES = 4;
/** Packets behind a redirect by a committing instruction that are surely wanted. */
const CERTAIN_PACKETS = 2;
const NO_PACKET = -1;

const Word = { packet: 0, certain: 1, redirect: 2, straddles: 3 } as const;

/**
 * What the front end knows about the packet it fetches. The cache is asked for a missing line only if the packet is surely
 * wanted: it is the first or second behind a redirect by a committing instruction (Rocket, `Frontend.scala`,
 * s0_speculative). Any other packet that misses goes down the pipeline, and begins anew when its turn comes.
 */
export class FetchStream {
  readonly #state: Float64Array;

  constructor(area: StateArea) {
    this.#state = area.numbers(Object.keys(Word).length);
    this.reset();
  }

  /** Power-on, which redirects. */
  reset(): void {
    this.redirect(0);
  }

  /** Notes that an instruction, at the time of its commit slot, sent the front end somewhere. */
  redirect(time: number): void {
    this.#state[Word.packet] = NO_PACKET;
    this.#state[Word.certain] = CERTAIN_PACKETS;
    this.#state[Word.redirect] = time;
  }

  /** Whether the last instruction is fetched in two packets. */
  get straddles(): boolean {
    return this.#state[Word.straddles] === 1;
  }

  /** Notes that the instruction whose packets came last begins anew, from its commit slot. */
  replay(time: number): void {
    const packets = 1 + (this.#state[Word.straddles] ?? 0);
    this.#state[Word.certain] = CERTAIN_PACKETS - packets;
    this.#state[Word.redirect] = time;
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
   * The next packet, at a physical address: the earliest time at which its miss can be known, if it is surely wanted.
   * `straddles` if its instruction begins in the packet before.
   */
  next(address: number, straddles: boolean): number | undefined {
    const packet = Math.floor(address / PACKET_BYTES);
    this.#state[Word.straddles] = straddles ? 1 : 0;
    if (packet === this.#state[Word.packet]) return undefined;
    const certain = this.#state[Word.certain] ?? 0;
    this.#state[Word.packet] = packet;
    if (certain === 0) return undefined;
    this.#state[Word.certain] = certain - 1;
    return (this.#state[Word.redirect] ?? 0) + FETCH + CERTAIN_PACKETS - certain;
  }
}
