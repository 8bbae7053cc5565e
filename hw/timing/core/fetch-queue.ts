import type { Configuration } from './configuration.ts';
import { FetchPacket } from './fetch-packet.ts';

/** Words that wait for decode. */
export const QUEUE_WORDS = 5;
/** One more arrives while they are full. */
const ROOM = QUEUE_WORDS + 1;

/** The queue of fetched words in front of decode; a word arrives at its end, and may be used there before it is taken in. */
export class FetchQueue {
  /** Words in the queue. */
  length = 0;
  readonly #packets = Array.from({ length: ROOM }, () => new FetchPacket());
  #first = 0;

  /** The word at the front, or the one that arrives if the queue is empty. */
  get front(): FetchPacket {
    return this.#at(0);
  }

  /** Where a word arrives. */
  get arriving(): FetchPacket {
    return this.#at(this.length);
  }

  /** Takes the word in that has arrived. */
  push(): void {
    this.length += 1;
  }

  /** Lets the word at the front go; what has arrived stays at the end. */
  shift(): void {
    this.#first = this.#first === ROOM - 1 ? 0 : this.#first + 1;
    this.length -= 1;
  }

  /** Puts its words into a configuration, or takes them from there. */
  exchange(words: Configuration): void {
    this.length = words.number(this.length);
    for (let place = 0; place < this.length; place++) this.#at(place).exchange(words);
  }

  #at(place: number): FetchPacket {
    const at = this.#first + place;
    const packet = this.#packets[at < ROOM ? at : at - ROOM];
    if (packet === undefined) throw new RangeError('the queue has no such place');
    return packet;
  }
}
