import { csrSlotCount } from '../isa/index.ts';

/** Size in bytes and number of the elements of one part of a hart's state. */
interface Part {
  readonly bytes: 4 | 8;
  readonly count: number;
}

/** Parts of a hart's state in the order in which they lie in memory. */
const parts = {
  x: { bytes: 8, count: 32 },
  /** Where generated code writes what is meant for `x0`. */
  sink: { bytes: 8, count: 1 },
  pc: { bytes: 8, count: 1 },
  reservedAddress: { bytes: 8, count: 1 },
  cycle: { bytes: 8, count: 1 },
  instret: { bytes: 8, count: 1 },
  privilege: { bytes: 4, count: 1 },
  virtual: { bytes: 4, count: 1 },
  reservedBytes: { bytes: 4, count: 1 },
  f: { bytes: 8, count: 32 },
  csr: { bytes: 8, count: csrSlotCount },
  /** Words that generated code and its caller hand each other (`compiled/run-state.ts`). */
  run: { bytes: 4, count: 32 },
  /** Of the instruction that commits, where a core in stages has to be told: its address, the next one's, that of its access. */
  commit: { bytes: 8, count: 3 },
  reservedCycle: { bytes: 8, count: 1 },
} as const satisfies Record<string, Part>;

type PartName = keyof typeof parts;

function layOut(): { offsets: Readonly<Record<PartName, number>>; size: number } {
  const offsets: Partial<Record<PartName, number>> = {};
  let offset = 0;
  for (const name of Object.keys(parts) as PartName[]) {
    const { bytes, count } = parts[name];
    offset = Math.ceil(offset / bytes) * bytes;
    offsets[name] = offset;
    offset += bytes * count;
  }
  return { offsets: offsets as Record<PartName, number>, size: Math.ceil(offset / 64) * 64 };
}

const layout = layOut();

/** Offsets in bytes from the start of a hart's state, for engines that address it directly. */
export const hartStateOffsets: Readonly<Record<PartName, number>> = layout.offsets;

/** Size in bytes of one hart's state, a multiple of a cache line. */
export const HART_STATE_BYTES = layout.size;

const HIGH = 2 ** 32;

/** Architectural state of one hart, kept in the machine's memory so that every engine sees the same bytes. */
export class HartState {
  /** Integer registers; `x[0]` stays 0 because nobody writes it. */
  readonly x: BigUint64Array;
  /** Floating-point registers; a single has ones in its upper half. */
  readonly f: BigUint64Array;
  /** Storage of CSRs, by slot number. */
  readonly csr: BigUint64Array;
  readonly #addresses: BigUint64Array;
  readonly #pcWords: Uint32Array;
  readonly #counters: Float64Array;
  readonly #words: Uint32Array;
  readonly #reservedCycle: Float64Array;

  /** Views the state at `offset`, a multiple of 8, of the machine's memory. */
  constructor(buffer: ArrayBufferLike, offset = 0) {
    const { x, f, csr, pc, cycle, privilege, reservedCycle } = hartStateOffsets;
    this.x = new BigUint64Array(buffer, offset + x, parts.x.count);
    this.f = new BigUint64Array(buffer, offset + f, parts.f.count);
    this.csr = new BigUint64Array(buffer, offset + csr, parts.csr.count);
    this.#addresses = new BigUint64Array(buffer, offset + pc, 2);
    this.#pcWords = new Uint32Array(buffer, offset + pc, 2);
    this.#counters = new Float64Array(buffer, offset + cycle, 2);
    this.#words = new Uint32Array(buffer, offset + privilege, 3);
    this.#reservedCycle = new Float64Array(buffer, offset + reservedCycle, 1);
  }

  /** Address of the instruction that executes next, or is executing. */
  get pc(): bigint {
    return this.#addresses[0] ?? 0n;
  }
  set pc(address: bigint) {
    this.#addresses[0] = address;
  }

  /** Bits 31:0 of `pc`; with `pcHigh` far cheaper than the whole where halves will do. */
  get pcLow(): number {
    return this.#pcWords[0] ?? 0;
  }

  /** Bits 63:32 of `pc`. */
  get pcHigh(): number {
    return this.#pcWords[1] ?? 0;
  }

  /** Moves `pc` behind an instruction of so many bytes. */
  advance(bytes: number): void {
    const low = this.pcLow + bytes;
    this.#pcWords[0] = low;
    if (low >= HIGH) this.#pcWords[1] = this.pcHigh + 1;
  }

  /** Clock cycles since reset. */
  get cycle(): number {
    return this.#counters[0] ?? 0;
  }
  set cycle(count: number) {
    this.#counters[0] = count;
  }

  /** Instructions retired since reset. */
  get instret(): number {
    return this.#counters[1] ?? 0;
  }
  set instret(count: number) {
    this.#counters[1] = count;
  }

  /** Privilege level: 0, 1 or 3. */
  get privilege(): number {
    return this.#words[0] ?? 0;
  }
  set privilege(level: number) {
    this.#words[0] = level;
  }

  /** The virtualization mode V. */
  get virtual(): boolean {
    return this.#words[1] !== 0;
  }
  set virtual(on: boolean) {
    this.#words[1] = on ? 1 : 0;
  }

  /** Physical address that LR reserved; meaningless unless `reservedBytes` is not 0. */
  get reservedAddress(): bigint {
    return this.#addresses[1] ?? 0n;
  }
  set reservedAddress(address: bigint) {
    this.#addresses[1] = address;
  }

  /** Size in bytes of the access that made the reservation; 0 when there is none. */
  get reservedBytes(): number {
    return this.#words[2] ?? 0;
  }
  set reservedBytes(bytes: number) {
    this.#words[2] = bytes;
  }

  /** The cycle of the LR that made the reservation; meaningless without one. */
  get reservedCycle(): number {
    return this.#reservedCycle[0] ?? 0;
  }
  set reservedCycle(cycle: number) {
    this.#reservedCycle[0] = cycle;
  }
}
