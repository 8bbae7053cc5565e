import type { AccessBytes, Decoded, Space, SystemOperation } from '../isa/index.ts';
import type { HartState } from './hart-state.ts';

/** What an engine needs of a hart to execute instructions. Any method may leave by raising an exception. */
export interface ExecutionContext {
  readonly state: HartState;
  /** Bits that must be 0 in the target of a transfer: 3 with IALIGN=32, 1 with IALIGN=16 (unpriv 1.5). */
  readonly misalignedTargetBits: bigint;
  /** Loads, zero-extended. */
  load(address: bigint, bytes: AccessBytes, space: Space): bigint;
  /** Stores the low bytes of a value. */
  store(address: bigint, bytes: AccessBytes, value: bigint, space: Space): void;
  /** Replaces a memory value by what `combine` makes of it (its low bytes count); yields the old one. Both zero-extended. */
  amo(address: bigint, bytes: 4 | 8, combine: (old: bigint) => bigint): bigint;
  /** Loads, zero-extended, and reserves. */
  loadReserved(address: bigint, bytes: 4 | 8): bigint;
  /** Stores if the reservation holds, and says whether it did. */
  storeConditional(address: bigint, bytes: 4 | 8, value: bigint): boolean;
  /** Carries out an operation outside the integer pipeline; `state.pc` is still the instruction's own address. */
  system(operation: SystemOperation, decoded: Decoded, ...values: bigint[]): bigint;
  /** Raises an exception of the executing instruction. */
  trap(cause: number, value: bigint): never;
}
