import { type HartState, raise, TrapSignal } from '../engine/index.ts';
import { type AccessBytes, Cause, instructionLength, type Space } from '../isa/index.ts';
import type { BusPort, MachineMemory } from '../kernel/index.ts';
import type { DataAccess } from '../timing/index.ts';
import { faultCause, MACHINE, type Mmu, Need, type Regime, type TlbEntry } from './mmu/index.ts';
import type { MemoryTiming } from './memory-timing.ts';
import type { Reservations } from './reservations.ts';

/** A memory access that an instruction made, for the commit log. */
export interface MadeAccess {
  readonly address: bigint;
  readonly bytes: AccessBytes;
  /** The value stored; `undefined` for a load. */
  readonly value: bigint | undefined;
}

/** What the memory access unit is wired to. */
export interface MemoryAccessPorts {
  readonly state: HartState;
  readonly memory: MachineMemory;
  readonly bus: BusPort;
  readonly mmu: Mmu;
  readonly reservations: Reservations;
  /** What instruction addresses are a multiple of (IALIGN, in bytes): 2 with the C extension. */
  readonly instructionAlignment: 2 | 4;
  /** What happens to a misaligned load or store: a trap, or hardware splits it. AMO, LR and SC always trap. */
  readonly misaligned: 'trap' | 'hardware';
  /** Told of each write to the machine's memory that did not go through the bus. */
  readonly onWrite?: ((offset: number, bytes: number) => void) | undefined;
  /** Told of a reservation, by its place in the machine's memory. */
  readonly onReserve?: ((offset: number) => void) | undefined;
  /** Told of each access before it is made, once for an AMO: where it is, and past the caches what is there. */
  readonly onReach?:
    ((low: number, bytes: number, latencyClass: string | undefined) => void) | undefined;
  /** Told of each access to a device or ROM, after it was made, and whether a CSR or an instruction for a register of the interruptor made it. */
  readonly onUncached: (
    latencyClass: string | undefined,
    direction: 'load' | 'store',
    isRegisters: boolean,
  ) => void;
  /** Told of each access that was not split, by its virtual address in halves and its place, and whether it was made in the name of a guest. */
  readonly onAccess?:
    ((high: number, low: number, physical: number, isForGuest: boolean) => void) | undefined;
  /** Told before each access what it needs, wherever it leads. */
  readonly onTry?:
    ((high: number, low: number, need: Need, isForGuest: boolean) => void) | undefined;
  /** Whether a store-conditional comes before its reservation, if it `holds`, has run out; asked once for each, before it does anything. */
  readonly comesInTime: (holds: boolean) => boolean;
  /** Told of each access that hardware split. */
  readonly onMisaligned: () => void;
  /** Caches and TLBs, where they are modelled. */
  readonly timing?: MemoryTiming | undefined;
}

const PAGE_BYTES = 4096;
const IN_PAGE = PAGE_BYTES - 1;
const PARCEL_BYTES = 2;
const PARCEL = 0xffff;
const NOWHERE = -1;
/** Where instructions and CSRs of the interruptor find its registers: with M's rights. */
const REGISTERS: Regime = { ...MACHINE };

/** Loads, stores, atomics and fetches of one hart, from virtual address to memory or bus. */
export class MemoryAccess {
  /** Collects accesses while set. */
  log: MadeAccess[] | undefined;
  /** Where the misaligned access that is being split begins. */
  splitAddress: bigint | undefined;
  readonly #ports: MemoryAccessPorts;
  readonly #mmu: Mmu;
  readonly #hasParcels: boolean;
  readonly #bytes: Uint8Array;
  readonly #halfwords: Uint16Array;
  readonly #words: Uint32Array;
  readonly #doublewords: BigUint64Array;
  /** An address cut in two: a BigInt is far dearer to shift than to store and read back. */
  readonly #address = new BigUint64Array(1);
  readonly #halves = new Uint32Array(this.#address.buffer);

  constructor(ports: MemoryAccessPorts) {
    this.#ports = ports;
    this.#mmu = ports.mmu;
    this.#hasParcels = ports.instructionAlignment === PARCEL_BYTES;
    const { buffer } = ports.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#halfwords = new Uint16Array(buffer);
    this.#words = new Uint32Array(buffer);
    this.#doublewords = new BigUint64Array(buffer);
  }

  /** Fetches the instruction at the address `high`:`low`: 16 bits if its lowest say so and the hart has such, else 32. */
  fetch(high: number, low: number): number {
    if ((low & (this.#ports.instructionAlignment - 1)) !== 0) {
      const gva = this.#mmu.regimes.fetch.virtual;
      raise(Cause.instructionAddressMisaligned, join(high, low), { gva });
    }
    if ((low & 3) !== 0) return this.#fetchParcels(high, low);
    // Neither a page nor a protected range ends inside an aligned word, so that a fault of its second half is one of both.
    const word = this.#fetchAligned(high, low, 4);
    return this.#hasParcels && instructionLength(word) === 2 ? word & PARCEL : word;
  }

  /** Fetches an instruction that begins in the middle of a word; a fault reports the half that it belongs to (priv 3.1.16). */
  #fetchParcels(high: number, low: number): number {
    const first = this.#fetchAligned(high, low, PARCEL_BYTES);
    if (instructionLength(first) === 2) return first;
    const next = (low + PARCEL_BYTES) >>> 0;
    const nextHigh = next === 0 ? (high + 1) >>> 0 : high;
    return (first | (this.#fetchAligned(nextHigh, next, PARCEL_BYTES) << 16)) >>> 0;
  }

  /** Where a fetch would find the word at an address, without any effect; -1 where it would fail. */
  locateCode(high: number, low: number): number {
    try {
      const entry = this.#mmu.resolve(high, low, 4, Need.execute, this.#mmu.regimes.fetch);
      return entry.frame + (low & IN_PAGE);
    } catch (signal) {
      if (!(signal instanceof TrapSignal)) throw signal;
      return NOWHERE;
    }
  }

  /** The aligned word of memory at a physical address, 0 where there is none. */
  peek(physical: number): number {
    const window = this.#ports.bus.ram(physical);
    return window === undefined
      ? 0
      : (this.#words[(window.offset + physical - window.base) >>> 2] ?? 0);
  }

  /** What a fetch from an address of main memory would yield, without any effect; an instruction may end beyond its page in vain. */
  peekCode(physical: number): number {
    const inWord = physical & 3;
    const word = this.peek(physical - inWord);
    if (inWord === 0) return instructionLength(word) === 2 ? word & PARCEL : word;
    const first = word >>> 16;
    if (instructionLength(first) === 2) return first;
    return (first | (this.peek(physical - inWord + 4) << 16)) >>> 0;
  }

  #fetchAligned(high: number, low: number, bytes: 2 | 4): number {
    const { fetch } = this.#mmu.regimes;
    const { timing } = this.#ports;
    timing?.translateFetch(high, low, Need.execute, fetch);
    const entry = this.#mmu.resolve(high, low, bytes, Need.execute, fetch);
    if (entry.memoryOffset >= 0) {
      const offset = entry.memoryOffset + (low & IN_PAGE);
      timing?.fetch(entry.frame + (low & IN_PAGE), bytes);
      return (bytes === 4 ? this.#words[offset >>> 2] : this.#halfwords[offset >>> 1]) ?? 0;
    }
    const physical = entry.frame + (low & IN_PAGE);
    const { bus } = this.#ports;
    const parcels = bus.ram(physical) === undefined ? undefined : bus.read(physical, bytes);
    if (parcels === undefined) {
      raise(Cause.instructionAccessFault, join(high, low), { gva: fetch.virtual });
    }
    return Number(parcels);
  }

  /** Loads, zero-extended. */
  load(address: bigint, bytes: AccessBytes, space: Space): bigint {
    const regime = this.#regime(space);
    const need = space === 'guestExecute' ? Need.readExecutable : Need.read;
    this.#address[0] = address;
    const low = this.#halves[0] ?? 0;
    this.#tellTry(low, need, space);
    if ((low & (bytes - 1)) !== 0) return this.#loadMisaligned(address, bytes, need, regime);
    const high = this.#halves[1] ?? 0;
    this.#ports.timing?.translateData(high, low, need, regime);
    const entry = this.#mmu.resolve(high, low, bytes, need, regime);
    this.log?.push({ address, bytes, value: undefined });
    this.#tellAccess(entry, low, space);
    this.#reach(entry, low, 'read', bytes, regime);
    if (entry.memoryOffset < 0) return this.#readBus(entry, address, low, bytes, regime, 'load');
    return this.#readMemory(entry.memoryOffset + (low & IN_PAGE), bytes);
  }

  /** Stores the low bytes of a value. */
  store(address: bigint, bytes: AccessBytes, value: bigint, space: Space): void {
    const regime = this.#regime(space);
    this.#address[0] = address;
    const low = this.#halves[0] ?? 0;
    this.#tellTry(low, Need.write, space);
    if ((low & (bytes - 1)) !== 0) {
      this.#storeMisaligned(address, bytes, value, regime);
      return;
    }
    const high = this.#halves[1] ?? 0;
    this.#ports.timing?.translateData(high, low, Need.write, regime);
    const entry = this.#mmu.resolve(high, low, bytes, Need.write, regime);
    this.#reach(entry, low, 'write', bytes, regime);
    this.#tellAccess(entry, low, space);
    this.#write(entry, address, low, bytes, value, regime);
  }

  /** Reads, combines and writes; the old value, zero-extended. */
  amo(
    address: bigint,
    bytes: 4 | 8,
    combine: (old: bigint) => bigint,
    space: Space = 'current',
  ): bigint {
    const { regime, entry, low } = this.#resolveAtomic(address, bytes, Need.write, space);
    this.#reach(entry, low, 'write', bytes, regime);
    this.log?.push({ address, bytes, value: undefined });
    const old =
      entry.memoryOffset < 0
        ? this.#readBus(entry, address, low, bytes, regime, 'store')
        : this.#readMemory(entry.memoryOffset + (low & IN_PAGE), bytes);
    this.#write(entry, address, low, bytes, combine(old), regime);
    return old;
  }

  /** Loads, zero-extended, and reserves the line. */
  loadReserved(address: bigint, bytes: 4 | 8): bigint {
    const { regime, entry, low } = this.#resolveAtomic(address, bytes, Need.read);
    const { reservations, state, bus } = this.#ports;
    const physical = entry.frame + (low & IN_PAGE);
    // Reservations exist for main memory only.
    if (entry.memoryOffset < 0 && bus.ram(physical)?.isWritable !== true) {
      raise(Cause.loadAccessFault, address, { gva: regime.virtual });
    }
    this.#reach(entry, low, 'reserve', bytes, regime);
    this.log?.push({ address, bytes, value: undefined });
    reservations.reserve(state, BigInt(physical), bytes);
    if (entry.memoryOffset >= 0) this.#ports.onReserve?.(entry.memoryOffset + (low & IN_PAGE));
    return entry.memoryOffset < 0
      ? this.#readBus(entry, address, low, bytes, regime, 'load')
      : this.#readMemory(entry.memoryOffset + (low & IN_PAGE), bytes);
  }

  /** Stores if the reservation holds; the reservation ends either way. */
  storeConditional(address: bigint, bytes: 4 | 8, value: bigint): boolean {
    const { regime, entry, low } = this.#resolveAtomic(address, bytes, Need.write);
    this.#reach(entry, low, 'write', bytes, regime);
    const { reservations, state } = this.#ports;
    const holds = reservations.holds(state, BigInt(entry.frame + (low & IN_PAGE)));
    const isInTime = this.#ports.comesInTime(holds);
    reservations.release(state);
    const stores = holds && isInTime;
    if (stores) this.#write(entry, address, low, bytes, value, regime);
    return stores;
  }

  /** Sets bits of the byte at a physical address of main memory; `false` where there is none to be written. */
  setBits(physical: number, bits: number): boolean {
    const { bus, reservations } = this.#ports;
    const window = bus.ram(physical);
    if (window?.isWritable !== true) return false;
    const offset = window.offset + (physical - window.base);
    this.#writeMemory(offset, 1, BigInt((this.#bytes[offset] ?? 0) | bits));
    if (reservations.anyHeld) reservations.stored(BigInt(physical), 1);
    return true;
  }

  #regime(space: Space): Regime {
    const { data, guest } = this.#mmu.regimes;
    if (space === 'current') return data;
    return space === 'machine' ? REGISTERS : guest;
  }

  #resolveAtomic(
    address: bigint,
    bytes: 4 | 8,
    need: Need,
    space: Space = 'current',
  ): { readonly regime: Regime; readonly entry: TlbEntry; readonly low: number } {
    const regime = this.#regime(space);
    this.#address[0] = address;
    const low = this.#halves[0] ?? 0;
    this.#tellTry(low, need, space);
    if ((low & (bytes - 1)) !== 0) raiseMisaligned(need, address, regime);
    const high = this.#halves[1] ?? 0;
    this.#ports.timing?.translateData(high, low, need, regime);
    const entry = this.#mmu.resolve(high, low, bytes, need, regime);
    this.#tellAccess(entry, low, space);
    return { regime, entry, low };
  }

  #tellTry(low: number, need: Need, space: Space): void {
    const { onTry } = this.#ports;
    if (onTry !== undefined) onTry(this.#halves[1] ?? 0, low, need, isGuests(space));
  }

  #tellAccess({ frame }: TlbEntry, low: number, space: Space): void {
    const { onAccess } = this.#ports;
    if (onAccess === undefined) return;
    onAccess(this.#halves[1] ?? 0, low, frame + (low & IN_PAGE), isGuests(space));
  }

  /** Lets the time pass that the data cache takes, and what is on its way past it. Registers of the interruptor are on another way. */
  #reach(
    { memoryOffset, frame }: TlbEntry,
    low: number,
    kind: DataAccess,
    bytes: number,
    regime: Regime,
  ): void {
    const { onReach, bus } = this.#ports;
    if (onReach !== undefined && regime !== REGISTERS) {
      onReach(low, bytes, memoryOffset < 0 ? bus.latencyOf(frame + (low & IN_PAGE)) : undefined);
    }
    if (memoryOffset >= 0) this.#ports.timing?.access(frame + (low & IN_PAGE), kind);
  }

  #readMemory(offset: number, bytes: AccessBytes): bigint {
    switch (bytes) {
      case 8:
        return this.#doublewords[offset / 8] ?? 0n;
      case 4:
        return BigInt(this.#words[offset >>> 2] ?? 0);
      case 2:
        return BigInt(this.#halfwords[offset >>> 1] ?? 0);
      case 1:
        return BigInt(this.#bytes[offset] ?? 0);
    }
  }

  #write(
    entry: TlbEntry,
    address: bigint,
    low: number,
    bytes: AccessBytes,
    value: bigint,
    regime: Regime,
  ): void {
    const physical = entry.frame + (low & IN_PAGE);
    if (entry.memoryOffset >= 0)
      this.#writeMemory(entry.memoryOffset + (low & IN_PAGE), bytes, value);
    else this.#writeBus(physical, address, bytes, value, regime);
    const { reservations } = this.#ports;
    if (reservations.anyHeld) reservations.stored(BigInt(physical), bytes);
    this.log?.push({ address, bytes, value });
  }

  #writeMemory(offset: number, bytes: AccessBytes, value: bigint): void {
    this.#ports.onWrite?.(offset, bytes);
    switch (bytes) {
      case 8:
        this.#doublewords[offset / 8] = value;
        return;
      case 4:
        this.#words[offset >>> 2] = Number(value & 0xffff_ffffn);
        return;
      case 2:
        this.#halfwords[offset >>> 1] = Number(value & 0xffffn);
        return;
      case 1:
        this.#bytes[offset] = Number(value & 0xffn);
    }
  }

  #readBus(
    entry: TlbEntry,
    address: bigint,
    low: number,
    bytes: AccessBytes,
    regime: Regime,
    access: 'load' | 'store',
  ): bigint {
    const { bus, onUncached } = this.#ports;
    const physical = entry.frame + (low & IN_PAGE);
    const value = bus.read(physical, bytes);
    if (value === undefined) raise(faultCause('access', access), address, { gva: regime.virtual });
    onUncached(bus.latencyOf(physical), 'load', regime === REGISTERS);
    return value;
  }

  #writeBus(
    physical: number,
    address: bigint,
    bytes: AccessBytes,
    value: bigint,
    regime: Regime,
  ): void {
    const { bus, onUncached } = this.#ports;
    if (!bus.write(physical, bytes, BigInt.asUintN(bytes * 8, value))) {
      raise(Cause.storeAccessFault, address, { gva: regime.virtual });
    }
    onUncached(bus.latencyOf(physical), 'store', regime === REGISTERS);
  }

  /** The bytes of a misaligned access, each translated before any is touched; plain memory only. */
  #split(address: bigint, bytes: AccessBytes, need: Need, regime: Regime): readonly number[] {
    if (this.#ports.misaligned === 'trap') raiseMisaligned(need, address, regime);
    this.#ports.onMisaligned();
    this.splitAddress = address;
    const offsets = Array.from({ length: bytes }, (_, index) => {
      const byteAddress = BigInt.asUintN(64, address + BigInt(index));
      this.#address[0] = byteAddress;
      const low = this.#halves[0] ?? 0;
      const entry = this.#mmu.resolve(this.#halves[1] ?? 0, low, 1, need, regime);
      if (entry.memoryOffset >= 0) return entry.memoryOffset + (low & IN_PAGE);
      const physical = entry.frame + (low & IN_PAGE);
      const window = this.#ports.bus.ram(physical);
      if (window === undefined || (need === Need.write && !window.isWritable)) {
        const access = need === Need.write ? 'store' : 'load';
        raise(faultCause('access', access), byteAddress, { gva: regime.virtual });
      }
      return window.offset + (physical - window.base);
    });
    this.splitAddress = undefined;
    return offsets;
  }

  #loadMisaligned(address: bigint, bytes: AccessBytes, need: Need, regime: Regime): bigint {
    const offsets = this.#split(address, bytes, need, regime);
    this.log?.push({ address, bytes, value: undefined });
    return offsets.reduceRight((value, offset) => {
      return (value << 8n) | BigInt(this.#bytes[offset] ?? 0);
    }, 0n);
  }

  #storeMisaligned(address: bigint, bytes: AccessBytes, value: bigint, regime: Regime): void {
    const offsets = this.#split(address, bytes, Need.write, regime);
    let rest = value;
    for (const [index, offset] of offsets.entries()) {
      this.#ports.onWrite?.(offset, 1);
      this.#bytes[offset] = Number(rest & 0xffn);
      rest >>= 8n;
      this.#notifyByte(BigInt.asUintN(64, address + BigInt(index)), regime);
    }
    this.log?.push({ address, bytes, value });
  }

  /** Ends reservations that a byte of a split store touches. */
  #notifyByte(address: bigint, regime: Regime): void {
    const { reservations } = this.#ports;
    if (!reservations.anyHeld) return;
    this.#address[0] = address;
    const low = this.#halves[0] ?? 0;
    const entry = this.#mmu.resolve(this.#halves[1] ?? 0, low, 1, Need.write, regime);
    reservations.stored(BigInt(entry.frame + (low & IN_PAGE)), 1);
  }
}

/** Whether an access is made in the name of a guest. */
function isGuests(space: Space): boolean {
  return space === 'guest' || space === 'guestExecute';
}

function raiseMisaligned(need: Need, address: bigint, regime: Regime): never {
  const cause = need === Need.write ? Cause.storeAddressMisaligned : Cause.loadAddressMisaligned;
  return raise(cause, address, { gva: regime.virtual });
}

function join(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}
