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

/** A field as the hardware around the CSRs is wired to it: no guard, no effects, no bit changed that it may not have. */
export class FieldPort {
  readonly #words: Uint32Array;
  readonly #index: number;
  readonly #shift: number;
  readonly #mask: number;
  readonly #settable: number;

  /** Wires to the bits `mask` of a CSR, all of them in one half; `legal` are those that can be other than 0. */
  constructor({ csr }: HartState, entry: StoredCsr, mask: bigint, legal: bigint) {
    const { slot, shift } = placeOf(entry, mask);
    const placed = mask << shift;
    const isHigh = placed > HALF;
    const toHalf = (bits: bigint): number => Number(isHigh ? bits >> 32n : bits);
    if (isHigh && (placed & HALF) !== 0n) {
      throw new Error(`CSR ${entry.csr.name}: a field port cannot straddle the halves`);
    }
    this.#words = new Uint32Array(csr.buffer, csr.byteOffset, 2 * csr.length);
    this.#index = 2 * slot + (isHigh ? 1 : 0);
    this.#mask = toHalf(placed);
    this.#settable = toHalf((mask & legal) << shift);
    this.#shift = HALF_BITS - 1 - Math.clz32(this.#mask & -this.#mask);
  }

  /** The field, shifted down to bit 0. */
  get value(): number {
    return ((this.#words[this.#index] ?? 0) & this.#mask) >>> this.#shift;
  }
  set value(value: number) {
    const kept = (this.#words[this.#index] ?? 0) & ~this.#settable;
    this.#words[this.#index] = kept | ((value << this.#shift) & this.#settable);
  }

  /** Whether any bit of the field is set. */
  get isSet(): boolean {
    return ((this.#words[this.#index] ?? 0) & this.#mask) !== 0;
  }
}

/** A register of 64 bits as the hardware around the CSRs is wired to it. */
export class RegisterPort {
  readonly #words: Uint32Array;
  readonly #whole: BigUint64Array;
  readonly #lowLegal: number;
  readonly #highLegal: number;
  /** Every bit can be other than 0. */
  readonly #isFree: boolean;

  /** Wires to 8 bytes of a buffer; `legal` are the bits that can be other than 0. */
  constructor(buffer: ArrayBufferLike, offset: number, legal: bigint) {
    this.#words = new Uint32Array(buffer, offset, 2);
    this.#whole = new BigUint64Array(buffer, offset, 1);
    this.#lowLegal = Number(legal & HALF);
    this.#highLegal = Number(legal >> 32n);
    this.#isFree = legal === EVERY_BIT;
  }

  /** Bits 31:0. */
  get low(): number {
    return this.#words[0] ?? 0;
  }

  /** Bits 63:32. */
  get high(): number {
    return this.#words[1] ?? 0;
  }

  get value(): bigint {
    return this.#whole[0] ?? 0n;
  }
  set value(value: bigint) {
    this.#whole[0] = value;
    if (!this.#isFree) this.set(this.high, this.low);
  }

  /** Takes a value in unsigned halves. */
  set(high: number, low: number): void {
    this.#words[0] = low & this.#lowLegal;
    this.#words[1] = high & this.#highLegal;
  }

  /** Takes the value of another register. */
  copy({ high, low }: RegisterPort): void {
    this.set(high, low);
  }
}

/** Wires to a whole CSR; one of several slots has no such port. */
export function registerPort(state: HartState, entry: StoredCsr, legal: bigint): RegisterPort {
  const { slot, shift } = placeOf(entry, entry.csr.mask);
  if (shift !== 0n) throw new Error(`CSR ${entry.csr.name}: a register port cannot be shifted`);
  const { buffer, byteOffset } = state.csr;
  return new RegisterPort(buffer, byteOffset + slot * BigUint64Array.BYTES_PER_ELEMENT, legal);
}
