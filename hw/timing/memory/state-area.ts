const ALIGNMENT = 8;

/**
 * Hands out consecutive parts of bytes that belong to the machine's memory, where every engine and a checkpoint find them.
 * Without a buffer it only counts.
 */
export class StateArea {
  readonly #buffer: ArrayBuffer | undefined;
  readonly #offset: number;
  #taken = 0;

  constructor(buffer?: ArrayBuffer, offset = 0) {
    this.#buffer = buffer;
    this.#offset = offset;
  }

  /** Bytes handed out so far. */
  get bytes(): number {
    return this.#taken;
  }

  /** Numbers: times, addresses. */
  numbers(count: number): Float64Array {
    const at = this.#take(count * Float64Array.BYTES_PER_ELEMENT);
    return this.#buffer === undefined
      ? new Float64Array(count)
      : new Float64Array(this.#buffer, at, count);
  }

  /** Words of 32 bits. */
  words(count: number): Uint32Array {
    const at = this.#take(count * Uint32Array.BYTES_PER_ELEMENT);
    return this.#buffer === undefined
      ? new Uint32Array(count)
      : new Uint32Array(this.#buffer, at, count);
  }

  /** Bytes: states and flags. */
  flags(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#buffer === undefined
      ? new Uint8Array(count)
      : new Uint8Array(this.#buffer, at, count);
  }

  /** Words of 32 bits with a sign. */
  signedWords(count: number): Int32Array {
    const at = this.#take(count * Int32Array.BYTES_PER_ELEMENT);
    return this.#buffer === undefined
      ? new Int32Array(count)
      : new Int32Array(this.#buffer, at, count);
  }

  #take(bytes: number): number {
    const at = this.#offset + this.#taken;
    this.#taken += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return at;
  }
}

/** Bytes that something takes when it is made. */
export function stateBytes(make: (area: StateArea) => unknown): number {
  const area = new StateArea();
  make(area);
  return area.bytes;
}
