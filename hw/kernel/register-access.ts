import type { AccessBytes } from './bus-port.ts';
import type { ErasedContext } from './component-context.ts';
import type { ComponentDefinition } from './component-definition.ts';
import { RegisterMap, type RegisterSlot } from './register-map.ts';
import type { Recipe } from './state-cell.ts';
import type { TraceHub } from './trace.ts';

/** What register accesses need of the instance that they go to. */
export interface RegisterOwner {
  readonly name: string;
  readonly state: object;
  /** Changes the state at once; outputs follow at the next edge. */
  transact(recipe: Recipe): void;
}

/** Carries out accesses to the registers of an instance. */
export class RegisterAccess {
  readonly map: RegisterMap;
  readonly #owner: RegisterOwner;
  readonly #definition: ComponentDefinition;
  readonly #context: ErasedContext;
  readonly #trace: TraceHub;

  constructor(
    owner: RegisterOwner,
    definition: ComponentDefinition,
    context: ErasedContext,
    trace: TraceHub,
  ) {
    this.map = new RegisterMap(definition, context.options);
    this.#owner = owner;
    this.#definition = definition;
    this.#context = context;
    this.#trace = trace;
  }

  /** Reads; `undefined` is an access fault. */
  read(offset: number, bytes: AccessBytes): bigint | undefined {
    const slot = this.map.locate(offset, bytes);
    if (slot === 'wide' && this.#definition.wide === 'split') {
      return this.#readHalves(offset, half(bytes));
    }
    if (typeof slot === 'string') {
      return slot === 'unmapped' && this.#definition.unmapped === 'zero' ? 0n : undefined;
    }
    this.#aim(slot, offset);
    const shift = BigInt((offset - slot.start) * 8);
    const value = BigInt.asUintN(bytes * 8, this.#valueOf(slot) >> shift);
    const { register } = slot;
    if (register.afterRead !== undefined) {
      this.#owner.transact((draft) => {
        register.afterRead?.(draft, this.#context);
      });
    }
    this.#trace.access(this.#context.now, this.#owner.name, slot, 'read', value);
    return value;
  }

  /** Writes; `false` is an access fault. */
  write(offset: number, bytes: AccessBytes, value: bigint): boolean {
    const slot = this.map.locate(offset, bytes);
    if (slot === 'wide' && this.#definition.wide === 'split') {
      const low = half(bytes);
      const isLowWritten = this.write(offset, low, value);
      return isLowWritten && this.write(offset + low, low, value >> BigInt(low * 8));
    }
    if (typeof slot === 'string') {
      return slot === 'unmapped' && this.#definition.unmapped === 'zero';
    }
    this.#aim(slot, offset);
    const whole = this.#merge(slot, offset, bytes, value);
    this.#trace.access(this.#context.now, this.#owner.name, slot, 'write', whole);
    const { register } = slot;
    if (register.write !== undefined) {
      this.#owner.transact((draft) => {
        if (register.bytes === 8) {
          register.write?.(draft, whole, this.#context);
        } else {
          register.write?.(draft, Number(whole), this.#context);
        }
      });
    }
    return true;
  }

  #readHalves(offset: number, bytes: AccessBytes): bigint | undefined {
    const low = this.read(offset, bytes);
    const high = this.read(offset + bytes, bytes);
    return low === undefined || high === undefined ? undefined : low | (high << BigInt(bytes * 8));
  }

  #aim(slot: RegisterSlot, offset: number): void {
    this.#context.index = slot.index;
    this.#context.firstByte = offset - slot.start;
  }

  #valueOf({ register }: RegisterSlot): bigint {
    const value = register.read?.(this.#owner.state, this.#context) ?? 0n;
    return BigInt.asUintN(register.bytes * 8, BigInt(value));
  }

  /** The register's new value: bytes that are not written keep what a read shows. */
  #merge(slot: RegisterSlot, offset: number, bytes: AccessBytes, value: bigint): bigint {
    if (bytes === slot.register.bytes) {
      return BigInt.asUintN(bytes * 8, value);
    }
    const shift = BigInt((offset - slot.start) * 8);
    const mask = ((1n << BigInt(bytes * 8)) - 1n) << shift;
    return (this.#valueOf(slot) & ~mask) | ((value << shift) & mask);
  }
}

function half(bytes: AccessBytes): AccessBytes {
  return bytes === 8 ? 4 : bytes === 4 ? 2 : 1;
}
