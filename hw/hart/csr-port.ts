import type { HartState } from '../engine/index.ts';
import type { StoredCsr } from './csr-storage.ts';

const HALF_BITS = 32;
const HALF = (1n << 32n) - 1n;
/** All 64 bits of a register. */
export const EVERY_BIT = (1n << 64n) - 1n;

/** Where bits of a CSR are kept: a slot, and how far up they are moved there. */
interface Place {
  readonly slot: number;
  readonly shift: bigint;
}

/** Follows a CSR's views to the slot that holds some of its bits. */
function placeOf({ csr, slot, alias, counter }: StoredCsr, mask: bigint): Place {
  if (alias !== undefined && (alias.own & mask) === 0n && alias.gate === undefined) {
    const { slot: place, shift } = placeOf(alias.target, mask << alias.shift);
    return { slot: place, shift: shift + alias.shift };
  }
  const isWhole = alias === undefined || (mask & ~alias.own) === 0n;
  if (slot === undefined || counter !== undefined || !isWhole) {
    throw new Error(`CSR ${csr.name}: hardware cannot be wired to bits that no one slot holds`);
  }
  return { slot, shift: 0n };
}

/** What a port is wired to: bits of a doubleword of the machine's memory. */
export interface PortPlace {
  readonly buffer: ArrayBufferLike;
  /** Where in the buffer the doubleword is. */
  readonly address: number;
  readonly mask: bigint;
  /** Those of the bits that can be other than 0. */
  readonly settable: bigint;
  /** Bits of the doubleword that stay as they are when something is written. */
  readonly kept: bigint;
}

/** A field as the hardware around the CSRs is wired to it: no guard, no effects, no bit changed that it may not have. */
export class FieldPort {
  readonly place: PortPlace;
  readonly #words: Uint32Array;
  readonly #index: number;
  readonly #shift: number;
  readonly #mask: number;
  readonly #settable: number;

  /** Wires to bits of one half. */
  constructor(place: PortPlace) {
    const { buffer, address, mask, settable } = place;
    const isHigh = mask > HALF;
    const toHalf = (bits: bigint): number => Number(isHigh ? bits >> 32n : bits);
    this.place = place;
    this.#words = new Uint32Array(buffer, address, 2);
    this.#index = isHigh ? 1 : 0;
    this.#mask = toHalf(mask);
    this.#settable = toHalf(settable);
    this.#shift = HALF_BITS - 1 - Math.clz32(this.#mask & -this.#mask);
  }

  /** The field, shifted down to bit 0. */
  get value(): number {
    return ((this.#words[this.#index] ?? 0) & this.#mask) >>> this.#shift;
  }

  /** Takes a value that is shifted down to bit 0. */
  put(value: number): void {
    const kept = (this.#words[this.#index] ?? 0) & ~this.#settable;
    this.#words[this.#index] = kept | ((value << this.#shift) & this.#settable);
  }

  /** Takes the value of another field. */
  copy(from: FieldPort): void {
    this.put(from.value);
  }

  /** Whether any bit of the field is set. */
  get isSet(): boolean {
    return ((this.#words[this.#index] ?? 0) & this.#mask) !== 0;
  }
}

/** Takes the halves of values apart; one for all ports, since a machine has many and a buffer is dear to make. */
const given = new BigUint64Array(1);
const halves = new Uint32Array(given.buffer);

/** A register of 64 bits as the hardware around the CSRs is wired to it. */
export class RegisterPort {
  readonly place: PortPlace;
  readonly #words: Uint32Array;
  readonly #lowLegal: number;
  readonly #highLegal: number;

  /** Wires to a whole doubleword. */
  constructor(place: PortPlace) {
    const { buffer, address, settable } = place;
    this.place = place;
    this.#words = new Uint32Array(buffer, address, 2);
    this.#lowLegal = Number(settable & HALF);
    this.#highLegal = Number(settable >> 32n);
  }

  /** Bits 31:0. */
  get low(): number {
    return this.#words[0] ?? 0;
  }

  /** Bits 63:32. */
  get high(): number {
    return this.#words[1] ?? 0;
  }

  /** Takes a value. */
  put(value: bigint): void {
    given[0] = value;
    this.set(halves[1] ?? 0, halves[0] ?? 0);
  }

  /** Takes a value in unsigned halves. */
  set(high: number, low: number): void {
    this.#words[0] = low & this.#lowLegal;
    this.#words[1] = high & this.#highLegal;
  }

  /** Takes the value of another register, but for so many of its lowest bits, which become 0. */
  copy({ high, low }: RegisterPort, ignored = 0): void {
    this.set(high, low & -(2 ** ignored));
  }
}

/** Wires to the bits `mask` of a CSR, all of them in one half; `legal` are those that can be other than 0. */
export function fieldPort(
  state: HartState,
  entry: StoredCsr,
  mask: bigint,
  legal: bigint,
): FieldPort {
  const { slot, shift } = placeOf(entry, mask);
  const placed = mask << shift;
  if (placed > HALF && (placed & HALF) !== 0n) {
    throw new Error(`CSR ${entry.csr.name}: a field port cannot straddle the halves`);
  }
  return new FieldPort({
    ...doubleword(state, slot),
    mask: placed,
    settable: (mask & legal) << shift,
    kept: EVERY_BIT ^ ((mask & legal) << shift),
  });
}

/** Wires to a whole CSR; one of several slots has no such port. */
export function registerPort(state: HartState, entry: StoredCsr, legal: bigint): RegisterPort {
  const { slot, shift } = placeOf(entry, entry.csr.mask);
  if (shift !== 0n) throw new Error(`CSR ${entry.csr.name}: a register port cannot be shifted`);
  return new RegisterPort({
    ...doubleword(state, slot),
    mask: EVERY_BIT,
    settable: legal,
    kept: 0n,
  });
}

/** Where a slot of the CSRs is. */
function doubleword({ csr }: HartState, slot: number): Pick<PortPlace, 'buffer' | 'address'> {
  return {
    buffer: csr.buffer,
    address: csr.byteOffset + slot * BigUint64Array.BYTES_PER_ELEMENT,
  };
}
