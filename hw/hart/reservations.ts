import type { HartState } from '../engine/index.ts';

/** Bytes that LR reserves at once: a cache line, as in Rocket. */
const RESERVED_BYTES = 64n;

function lineOf(address: bigint): bigint {
  return address / RESERVED_BYTES;
}

/**
 * The LR/SC reservations of all harts of a machine (unpriv 14.2). They are kept in the harts' states; a store by any hart,
 * or by a device, into a reserved line ends the reservation.
 */
export class Reservations {
  readonly #harts: HartState[] = [];
  #heldCount = 0;

  /** Adds a hart; each does so itself when it is made. */
  add(hart: HartState): void {
    this.#harts.push(hart);
    this.recount();
  }

  /** Whether any hart holds a reservation; while none does, stores need not ask. */
  get anyHeld(): boolean {
    return this.#heldCount > 0;
  }

  /** Counts anew, after the states were reset or restored. */
  recount(): void {
    this.#heldCount = this.#harts.filter(({ reservedBytes }) => reservedBytes > 0).length;
  }

  /** LR: replaces the hart's reservation. */
  reserve(hart: HartState, address: bigint, bytes: number): void {
    if (hart.reservedBytes === 0) this.#heldCount += 1;
    hart.reservedAddress = address;
    hart.reservedBytes = bytes;
    hart.reservedCycle = hart.cycle;
  }

  /** Ends the hart's reservation, if it has one: after an SC, and when a trap is taken. */
  release(hart: HartState): void {
    if (hart.reservedBytes === 0) return;
    hart.reservedBytes = 0;
    this.#heldCount -= 1;
  }

  /** Whether an SC to a naturally aligned address may succeed. */
  holds(hart: HartState, address: bigint): boolean {
    return hart.reservedBytes > 0 && lineOf(hart.reservedAddress) === lineOf(address);
  }

  /** Whether any hart has reserved the line of a physical address. */
  isReserved(address: number): boolean {
    if (this.#heldCount === 0) return false;
    const line = lineOf(BigInt(address));
    return this.#harts.some(({ reservedBytes, reservedAddress }) => {
      return reservedBytes > 0 && lineOf(reservedAddress) === line;
    });
  }

  /** Something was stored at a physical address. */
  stored(address: bigint, bytes: number): void {
    const first = lineOf(address);
    const last = lineOf(address + BigInt(bytes - 1));
    for (const hart of this.#harts) {
      const line = lineOf(hart.reservedAddress);
      if (hart.reservedBytes > 0 && line >= first && line <= last) this.release(hart);
    }
  }
}
