import type { Cause } from '../cause.ts';
import type { I32, I64, Immediate, Local, SourceRegister } from './expression.ts';
import type { FloatAction } from './float-action.ts';
import type { SystemOperation } from './system-operation.ts';

/** Size of a memory access in bytes. */
export type AccessBytes = 1 | 2 | 4 | 8;

/**
 * Whose eyes a memory access is made with: the current mode, the guest (HLV, HSV), the guest with X in place of R (HLVX),
 * or M mode (the prototype's own instructions).
 */
export type Space = 'current' | 'guest' | 'guestExecute' | 'machine';

/** The register that an instruction writes. */
export interface Destination {
  readonly kind: 'destination';
  readonly operand: 'rd';
}

/** The floating-point register that an instruction writes. */
export interface FloatDestination {
  readonly kind: 'floatDestination';
  readonly operand: 'frd';
}

/** What the bits above a loaded value become: its sign, zeros, or ones as around a single in a wider register (unpriv 21.2). */
export type LoadExtension = 'signed' | 'unsigned' | 'boxed';

/** Something outside the integer registers that yields a value and may trap; it cannot be part of an expression. */
export type Action =
  | {
      readonly action: 'load';
      readonly bytes: AccessBytes;
      readonly extension: LoadExtension;
      readonly address: I64;
      readonly space: Space;
    }
  | { readonly action: 'loadReserved'; readonly bytes: 4 | 8; readonly address: I64 }
  | {
      readonly action: 'storeConditional';
      readonly bytes: 4 | 8;
      readonly address: I64;
      readonly value: I64;
    }
  | {
      readonly action: 'amo';
      readonly bytes: 4 | 8;
      readonly address: I64;
      /** The sign-extended old value, as `updated` refers to it. */
      readonly old: Local<'i64'>;
      readonly updated: I64;
    }
  | SystemAction
  | FloatAction;

/** An operation that the hart carries out. */
export interface SystemAction {
  readonly action: 'system';
  readonly operation: SystemOperation;
  readonly values: readonly I64[];
}

/** One step of an instruction; steps happen in order, and a step that traps undoes nothing because it comes first. */
export type Effect =
  | { readonly effect: 'write'; readonly value: I64 | Action }
  /** Writes the floating-point destination, which leaves the floating-point state dirty (priv 3.1.6.6). */
  | { readonly effect: 'writeFloat'; readonly value: I64 | Action }
  | {
      readonly effect: 'store';
      readonly bytes: AccessBytes;
      readonly address: I64;
      readonly value: I64;
      readonly space: Space;
    }
  | { readonly effect: 'branch'; readonly condition: I32; readonly target: I64 }
  | { readonly effect: 'jump'; readonly target: I64 }
  | { readonly effect: 'trap'; readonly cause: Cause; readonly value: I64 }
  | { readonly effect: 'perform'; readonly action: SystemAction }
  | {
      readonly effect: 'ifZeroField';
      readonly operand: 'rd' | 'rs1' | 'rs2' | 'imm';
      readonly whenZero: readonly Effect[];
      readonly otherwise: readonly Effect[];
    };

/** Writes the destination register; a write to `x0` has no effect. */
export function write(destination: Destination | FloatDestination, value: I64 | Action): Effect {
  return { effect: destination.kind === 'destination' ? 'write' : 'writeFloat', value };
}

/** Loads and extends to 64 bits. */
export function load(
  bytes: AccessBytes,
  extension: LoadExtension,
  address: I64,
  space: Space = 'current',
): Action {
  return { action: 'load', bytes, extension, address, space };
}

/** Stores the low bytes of a value. */
export function store(
  bytes: AccessBytes,
  address: I64,
  value: I64,
  space: Space = 'current',
): Effect {
  return { effect: 'store', bytes, address, value, space };
}

/** Loads, sign-extends and reserves (LR). */
export function loadReserved(bytes: 4 | 8, address: I64): Action {
  return { action: 'loadReserved', bytes, address };
}

/** Stores if the reservation still holds; yields 0 on success, 1 on failure (SC). */
export function storeConditional(bytes: 4 | 8, address: I64, value: I64): Action {
  return { action: 'storeConditional', bytes, address, value };
}

/** Replaces a memory value atomically and yields the sign-extended old one; `update` computes the new from the old. */
export function amo(bytes: 4 | 8, address: I64, update: (old: I64) => I64): Action {
  const old: Local<'i64'> = { type: 'i64', kind: 'local' };
  return { action: 'amo', bytes, address, old, updated: update(old) };
}

/** Asks the hart for an operation and yields its result. */
export function system(operation: SystemOperation, ...values: readonly I64[]): SystemAction {
  return { action: 'system', operation, values };
}

/** Asks the hart for an operation that yields nothing of interest. */
export function perform(operation: SystemOperation, ...values: readonly I64[]): Effect {
  return { effect: 'perform', action: system(operation, ...values) };
}

/** Goes to `target` if the condition is not zero; a misaligned target traps before anything is written. */
export function branch(condition: I32, target: I64): Effect {
  return { effect: 'branch', condition, target };
}

/** Goes to `target`; a misaligned target traps before anything is written. */
export function jump(target: I64): Effect {
  return { effect: 'jump', target };
}

/** Raises an exception with a value for the trap value register. */
export function trap(cause: Cause, value: I64): Effect {
  return { effect: 'trap', cause, value };
}

/** Distinguishes encodings in which a field is 0: the choice depends on the instruction word, not on a register's value. */
export function ifZeroField(
  field: Destination | SourceRegister | Immediate,
  whenZero: readonly Effect[],
  otherwise: readonly Effect[],
): Effect {
  const operand = field.kind === 'immediate' ? 'imm' : field.operand;
  return { effect: 'ifZeroField', operand, whenZero, otherwise };
}
