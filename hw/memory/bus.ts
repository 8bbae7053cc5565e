import type { AccessBytes, BusPort, MmioTarget, RamWindow } from '../kernel/index.ts';
import { AddressMap, type AddressRange } from './address-map.ts';
import type { Memory } from './memory.ts';

interface MemoryRegion extends AddressRange {
  readonly memory: Memory;
  readonly window: RamWindow;
}

interface DeviceRegion extends AddressRange {
  readonly target: MmioTarget;
  /** Offset into the target of the region's first byte. */
  readonly offset: number;
}

type Region = MemoryRegion | DeviceRegion;

/** Told of a write to memory that went through the bus, after it was made. */
export type WriteListener = (address: number, bytes: AccessBytes) => void;

/** Told of an access to a device after it was made, and whether the device took it. */
type DeviceListener = (device: string, access: 'read' | 'write', isTaken: boolean) => void;

/**
 * The address map of a machine. An access is answered by the region that holds all of it; one that no region holds,
 * or that crosses the end of a region, is an access fault.
 */
export class Bus implements BusPort {
  readonly #map = new AddressMap<Region>();
  readonly #memories: Memory[] = [];
  readonly #listeners: WriteListener[] = [];
  #deviceListener: DeviceListener | undefined;

  /** All regions by ascending address. */
  get regions(): readonly AddressRange[] {
    return this.#map.ranges;
  }

  /** Maps a memory at its base. */
  mapMemory(memory: Memory): void {
    const { base, size } = memory.window;
    this.#map.add({ name: memory.name, base, size, memory, window: memory.window });
    this.#memories.push(memory);
  }

  /** Maps a device's whole window at `base`. */
  mapDevice(base: number, target: MmioTarget): void {
    this.#map.add({ name: target.name, base, size: target.size, target, offset: 0 });
  }

  /**
   * Gives a device `size` bytes of memory at `base`: accesses go to the target, from its `offset` on, and the windows
   * of the memory end there. Both ends are multiples of 8. What the memory held there is out of reach.
   */
  overlay(base: number, size: number, target: MmioTarget, offset: number): void {
    const under = this.#map.find(base);
    const end = base + size;
    if (under === undefined || !('memory' in under) || end > under.base + under.size) {
      throw new RangeError(
        `${target.name}: there is no memory at 0x${base.toString(16)} to lie over`,
      );
    }
    if (base % 8 !== 0 || size % 8 !== 0 || size <= 0) {
      throw new RangeError(
        `${target.name}: 0x${base.toString(16)}, ${String(size)} bytes, is not aligned to 8`,
      );
    }
    const own: DeviceRegion = { name: target.name, base, size, target, offset };
    const before = part(under, under.base, base);
    const after = part(under, end, under.base + under.size);
    this.#map.replace(under, [...before, own, ...after]);
  }

  /** Calls `listener` after every write to memory that an initiator makes through the bus. */
  listenToWrites(listener: WriteListener): void {
    this.#listeners.push(listener);
  }

  /** Calls `listener` after every access to a device. */
  listenToDevices(listener: DeviceListener): void {
    this.#deviceListener = listener;
  }

  /** The memory that holds all of this range, whatever lies over it. */
  memoryAt(address: number, size = 1): Memory | undefined {
    return this.#memories.find((memory) => memory.holds(address, size));
  }

  read(address: number, bytes: AccessBytes): bigint | undefined {
    const region = this.#answering(address, bytes);
    if (region === undefined) {
      return undefined;
    }
    if ('target' in region) {
      const value = region.target.read(address - region.base + region.offset, bytes);
      this.#deviceListener?.(region.name, 'read', value !== undefined);
      return value;
    }
    return readMemory(region, address, bytes);
  }

  write(address: number, bytes: AccessBytes, value: bigint): boolean {
    const region = this.#answering(address, bytes);
    if (region === undefined) {
      return false;
    }
    if ('target' in region) {
      const low = BigInt.asUintN(bytes * 8, value);
      const isTaken = region.target.write(address - region.base + region.offset, bytes, low);
      this.#deviceListener?.(region.name, 'write', isTaken);
      return isTaken;
    }
    if (!region.window.isWritable) {
      return false;
    }
    writeMemory(region, address, bytes, value);
    for (const listener of this.#listeners) {
      listener(address, bytes);
    }
    return true;
  }

  ram(address: number): RamWindow | undefined {
    const region = this.#map.find(address);
    return region !== undefined && 'window' in region ? region.window : undefined;
  }

  latencyOf(address: number): string | undefined {
    const region = this.#map.find(address);
    if (region === undefined) {
      return undefined;
    }
    return 'window' in region ? region.window.latency : region.target.latency;
  }

  #answering(address: number, bytes: AccessBytes): Region | undefined {
    const region = this.#map.find(address);
    return region !== undefined && address + bytes <= region.base + region.size
      ? region
      : undefined;
  }
}

function part(region: MemoryRegion, base: number, end: number): readonly MemoryRegion[] {
  if (base === end) {
    return [];
  }
  const size = end - base;
  const offset = region.window.offset + (base - region.base);
  return [{ ...region, base, size, window: { ...region.window, base, size, offset } }];
}

function readMemory({ memory, window }: MemoryRegion, address: number, bytes: AccessBytes): bigint {
  const { view } = memory.machine;
  const offset = window.offset + (address - window.base);
  switch (bytes) {
    case 1:
      return BigInt(view.getUint8(offset));
    case 2:
      return BigInt(view.getUint16(offset, true));
    case 4:
      return BigInt(view.getUint32(offset, true));
    case 8:
      return view.getBigUint64(offset, true);
  }
}

function writeMemory(
  { memory, window }: MemoryRegion,
  address: number,
  bytes: AccessBytes,
  value: bigint,
): void {
  const { view } = memory.machine;
  const offset = window.offset + (address - window.base);
  switch (bytes) {
    case 1:
      view.setUint8(offset, Number(value & 0xffn));
      break;
    case 2:
      view.setUint16(offset, Number(value & 0xffffn), true);
      break;
    case 4:
      view.setUint32(offset, Number(value & 0xffff_ffffn), true);
      break;
    case 8:
      view.setBigUint64(offset, value, true);
      break;
  }
}
