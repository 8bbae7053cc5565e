import type { PortPlace } from '../csr-port.ts';

/** Bits of a doubleword that had a value. */
export interface Guard {
  readonly address: number;
  readonly mask: bigint;
  readonly value: bigint;
}

/** A doubleword that was changed: `(to & kept) | set | rotl(from & taken, rotation)`. */
export interface Move {
  readonly to: number;
  readonly from: number;
  readonly kept: bigint;
  readonly set: bigint;
  readonly taken: bigint;
  readonly rotation: number;
}

const BITS = 64;

/** Moves bits up, and those that leave at the top in at the bottom. */
function rotated(bits: bigint, distance: number): bigint {
  const up = BigInt(distance & (BITS - 1));
  return BigInt.asUintN(BITS, (bits << up) | (bits >> (BigInt(BITS) - up)));
}

function lowestBit(mask: bigint): number {
  let bit = 0;
  while (bit < BITS && ((mask >> BigInt(bit)) & 1n) === 0n) bit += 1;
  return bit;
}

/**
 * What somebody did through ports: the values that it looked at, as conditions on the state in the beginning, and the
 * doublewords that it changed.
 */
export class MoveTrace {
  readonly #words: BigUint64Array;
  #guards: Guard[] = [];
  #moves: Move[] = [];

  constructor(buffer: ArrayBufferLike) {
    this.#words = new BigUint64Array(buffer);
  }

  get guards(): readonly Guard[] {
    return this.#guards;
  }

  get moves(): readonly Move[] {
    return this.#moves;
  }

  /** Begins anew. */
  clear(): void {
    this.#guards = [];
    this.#moves = [];
  }

  /** Somebody looks at bits. */
  read({ address, mask }: PortPlace): void {
    const value = (this.#words[address / BigUint64Array.BYTES_PER_ELEMENT] ?? 0n) & mask;
    this.#guard({ address, mask, value }, this.#moves.length);
  }

  /** Bits are set to what `bits` says, at the place where they are. */
  put({ address, settable, kept }: PortPlace, bits: bigint): void {
    this.#move({
      ...{ to: address, from: address, kept, set: bits & settable },
      ...{ taken: 0n, rotation: 0 },
    });
  }

  /** Bits are set to what others are; the lowest of both masks correspond. */
  copy(to: PortPlace, from: PortPlace, ignored = 0): void {
    const rotation = (lowestBit(to.mask) - lowestBit(from.mask)) & (BITS - 1);
    const { settable, kept } = to;
    const wanted = from.mask & (-1n << BigInt(ignored));
    this.#move({
      ...{ to: to.address, from: from.address, kept, set: 0n },
      ...{ taken: rotated(settable, -rotation) & wanted, rotation },
    });
  }

  /** Notes a condition on what the first so many moves leave, as one on what they found. */
  #guard(guard: Guard, moveCount: number): void {
    let { mask } = guard;
    for (let index = moveCount - 1; index >= 0 && mask !== 0n; index -= 1) {
      const move = this.#moves[index];
      if (move?.to !== guard.address) continue;
      const copied = rotated(move.taken, move.rotation) & mask;
      if (copied !== 0n) {
        const before = {
          address: move.from,
          mask: rotated(copied, -move.rotation),
          value: rotated(guard.value & copied, -move.rotation),
        };
        this.#guard(before, index);
      }
      mask &= move.kept;
    }
    if (mask === 0n) return;
    const { address } = guard;
    const value = guard.value & mask;
    const place = this.#guards.findIndex((other) => other.address === address);
    const other = this.#guards[place];
    if (other === undefined) this.#guards.push({ address, mask, value });
    else this.#guards[place] = { address, mask: mask | other.mask, value: value | other.value };
  }

  /** Adds a move, to the last one of the same doubleword if that comes to the same. */
  #move(move: Move): void {
    const place = this.#moves.findLastIndex(({ to }) => to === move.to);
    const last = this.#moves[place];
    const joined = last && this.#isNobodyBetween(place, move) ? joinOf(last, move) : undefined;
    if (joined === undefined) this.#moves.push(move);
    else this.#moves[place] = joined;
  }

  /** Whether a move could as well have been made right behind an earlier one of the same doubleword. */
  #isNobodyBetween(place: number, { to, from }: Move): boolean {
    return this.#moves
      .slice(place + 1)
      .every((other) => other.from !== to && (other.to !== from || from === to));
  }
}

/** One move that does what two of the same doubleword do; `undefined` if there is none. */
function joinOf(first: Move, second: Move): Move | undefined {
  const kept = first.kept & second.kept;
  const set = (first.set & second.kept) | second.set;
  const { to } = first;
  if (second.taken === 0n) {
    const taken = first.taken & rotated(second.kept, -first.rotation);
    return { to, from: first.from, kept, set, taken, rotation: first.rotation };
  }
  const seesFirst = second.from === to && (second.taken & first.kept) !== second.taken;
  if (first.taken !== 0n || seesFirst) return undefined;
  return { ...second, kept, set };
}
