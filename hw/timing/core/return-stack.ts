/** Return addresses of the calls that were fetched; the oldest is lost when there are too many. */
export class ReturnStack {
  readonly #addresses: Float64Array;
  #count = 0;
  #position = 0;

  constructor(entries: number) {
    this.#addresses = new Float64Array(entries);
  }

  /** Empties the stack. */
  reset(): void {
    this.#count = 0;
    this.#position = 0;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** The address that the next return goes to. */
  get top(): number {
    return this.#addresses[this.#position] ?? 0;
  }

  push(address: number): void {
    const { length } = this.#addresses;
    if (length === 0) return;
    this.#count = Math.min(this.#count + 1, length);
    this.#position = (this.#position + 1) % length;
    this.#addresses[this.#position] = address;
  }

  pop(): void {
    if (this.#count === 0) return;
    const { length } = this.#addresses;
    this.#count -= 1;
    this.#position = (this.#position + length - 1) % length;
  }
}
