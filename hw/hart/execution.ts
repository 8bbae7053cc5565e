import { type ExecutionContext, type HartState, raise } from '../engine/index.ts';
import {
  type AccessBytes,
  Cause,
  type Decoded,
  type Space,
  type SystemOperation,
} from '../isa/index.ts';
import type { MemoryAccess } from './memory-access.ts';
import type { SystemUnit } from './system-unit.ts';

/** The hart as an engine sees it: registers, memory access unit, system unit, and a way to raise exceptions. */
export class Execution implements ExecutionContext {
  readonly state: HartState;
  readonly misalignedTargetBits: bigint;
  readonly #memory: MemoryAccess;
  readonly #system: SystemUnit;

  constructor(
    state: HartState,
    instructionAlignment: 2 | 4,
    memory: MemoryAccess,
    system: SystemUnit,
  ) {
    this.state = state;
    this.misalignedTargetBits = BigInt(instructionAlignment - 1);
    this.#memory = memory;
    this.#system = system;
  }

  load(address: bigint, bytes: AccessBytes, space: Space): bigint {
    return this.#memory.load(address, bytes, space);
  }

  store(address: bigint, bytes: AccessBytes, value: bigint, space: Space): void {
    this.#memory.store(address, bytes, value, space);
  }

  amo(address: bigint, bytes: 4 | 8, combine: (old: bigint) => bigint): bigint {
    return this.#memory.amo(address, bytes, combine);
  }

  loadReserved(address: bigint, bytes: 4 | 8): bigint {
    return this.#memory.loadReserved(address, bytes);
  }

  storeConditional(address: bigint, bytes: 4 | 8, value: bigint): boolean {
    return this.#memory.storeConditional(address, bytes, value);
  }

  system(operation: SystemOperation, decoded: Decoded, first = 0n, second = 0n): bigint {
    return this.#system.perform(operation, decoded, first, second);
  }

  trap(cause: number, value: bigint): never {
    const isAddress = cause === Cause.instructionAddressMisaligned || cause === Cause.breakpoint;
    return raise(cause, value, { gva: isAddress && this.state.virtual });
  }
}
