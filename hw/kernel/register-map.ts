import type { AccessBytes } from './bus-port.ts';
import type { ComponentDefinition, Register } from './component-definition.ts';
import { countOf } from './endpoint.ts';
import type { Ports } from './ports.ts';

/** A register of a definition whose state type is not known. */
export type ErasedRegister = Register<Ports, object, unknown>;

/** One register at its place; arrays have a slot per index. */
export interface RegisterSlot {
  readonly name: string;
  readonly index: number;
  readonly register: ErasedRegister;
  /** First byte, from the component's base. */
  readonly start: number;
}

/** The answer to where an access goes: one register, none, more than one register can take, or nowhere. */
export type Located = RegisterSlot | 'unmapped' | 'wide' | 'fault';

/**
 * Finds the register that an access means. An access is naturally aligned, or faults, and should lie inside one
 * register.
 */
export class RegisterMap {
  readonly slots: readonly RegisterSlot[];
  readonly #byByte = new Map<number, RegisterSlot>();

  constructor(definition: ComponentDefinition, options: unknown) {
    const slots: RegisterSlot[] = [];
    for (const [name, register] of Object.entries(definition.registers ?? {})) {
      const { groups } = register;
      const count = register.count === undefined ? 1 : countOf(register.count, options);
      const groupCount = groups === undefined ? 1 : countOf(groups.count, options);
      for (let index = 0; index < groupCount * count; index++) {
        const group = Math.floor(index / count);
        const inGroup = (index % count) * (register.stride ?? register.bytes);
        const start = register.offset + group * (groups?.stride ?? 0) + inGroup;
        slots.push({ name, index, register, start });
      }
    }
    for (const slot of slots) {
      this.#place(slot, definition);
    }
    this.slots = slots.sort((a, b) => a.start - b.start);
  }

  /** Where an access of `bytes` at `offset` goes. */
  locate(offset: number, bytes: AccessBytes): Located {
    if (offset % bytes !== 0) {
      return 'fault';
    }
    const slot = this.#byByte.get(offset);
    if (slot !== undefined) {
      return offset + bytes <= slot.start + slot.register.bytes ? slot : 'wide';
    }
    for (let byte = offset + 1; byte < offset + bytes; byte++) {
      if (this.#byByte.has(byte)) {
        return 'wide';
      }
    }
    return 'unmapped';
  }

  #place(slot: RegisterSlot, { kind, size }: ComponentDefinition): void {
    const end = slot.start + slot.register.bytes;
    if (slot.start % slot.register.bytes !== 0 || slot.start < 0 || end > (size ?? 0)) {
      const range = `0x${slot.start.toString(16)}..0x${end.toString(16)}`;
      throw new Error(
        `${kind}: register ${slot.name} at ${range} is misaligned or outside the window`,
      );
    }
    for (let byte = slot.start; byte < end; byte++) {
      const other = this.#byByte.get(byte);
      if (other !== undefined) {
        throw new Error(`${kind}: registers ${other.name} and ${slot.name} overlap`);
      }
      this.#byByte.set(byte, slot);
    }
  }
}
