import type { MachineMemory, MemoryArea, RamWindow } from '../kernel/index.ts';

/** A kind of plain memory, as platform files select it. */
export interface MemoryDefinition {
  readonly kind: string;
  /** One sentence for `describe components`. */
  readonly summary: string;
  /** Whether stores from the bus are accepted. */
  readonly isWritable: boolean;
  /** Latency class of accesses. */
  readonly latency: string;
}

/** Declares a kind of memory. */
export function defineMemory(definition: MemoryDefinition): MemoryDefinition {
  return definition;
}

/** Where an instance of memory is, and which part of the machine's memory holds it. */
export interface MemorySettings {
  readonly name: string;
  /** First physical address. */
  readonly base: number;
  readonly machine: MachineMemory;
  /** The part of the machine's memory; its length is the memory's. */
  readonly area: MemoryArea;
}

/** An instance of memory at its place in the address map. */
export class Memory {
  readonly name: string;
  readonly definition: MemoryDefinition;
  readonly machine: MachineMemory;
  /** The whole of it, as one window. */
  readonly window: RamWindow;

  constructor(definition: MemoryDefinition, { name, base, machine, area }: MemorySettings) {
    const { isWritable, latency } = definition;
    this.name = name;
    this.definition = definition;
    this.machine = machine;
    this.window = { base, size: area.bytes, offset: area.offset, isWritable, latency };
  }

  /** Copies an image to `address`, ROM or not, as if it had always been there. */
  load(address: number, image: Uint8Array): void {
    this.machine.bytes.set(image, this.#offsetOf(address, image.length));
  }

  /** A copy of `size` bytes at `address`. */
  copy(address: number, size: number): Uint8Array<ArrayBuffer> {
    const offset = this.#offsetOf(address, size);
    return this.machine.bytes.slice(offset, offset + size);
  }

  /** Whether all of this range is here. */
  holds(address: number, size: number): boolean {
    const { base, size: bytes } = this.window;
    return address >= base && address + size <= base + bytes;
  }

  #offsetOf(address: number, size: number): number {
    if (!this.holds(address, size)) {
      const range = `0x${address.toString(16)}..0x${(address + size).toString(16)}`;
      throw new RangeError(`${this.name}: ${range} is outside`);
    }
    return this.window.offset + (address - this.window.base);
  }
}
