/** An address in two unsigned halves, changed in place: a BigInt is far dearer to cut than to store and read back. */
export class AddressHalves {
  readonly #address = new BigUint64Array(1);
  readonly #words = new Uint32Array(this.#address.buffer);

  /** Bits 31:0. */
  get low(): number {
    return this.#words[0] ?? 0;
  }

  /** Bits 63:32. */
  get high(): number {
    return this.#words[1] ?? 0;
  }

  /** Takes another address in halves; what is beyond 32 bits of each falls away. */
  put(high: number, low: number): this {
    this.#words[0] = low;
    this.#words[1] = high;
    return this;
  }

  /** Takes another address. */
  set(address: bigint): this {
    this.#address[0] = address;
    return this;
  }
}
