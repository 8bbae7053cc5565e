import { FloatFlag } from '../../isa/index.ts';
import type { Layout } from './number.ts';
import type { FloatResult } from './rounding.ts';

function isNan({ sign, infinity }: Layout, bits: bigint): boolean {
  return (bits & ~sign) > infinity;
}

function isSignaling(layout: Layout, bits: bigint): boolean {
  return isNan(layout, bits) && (bits & ~layout.sign) < layout.nan;
}

function flagsOf(isInvalid: boolean): number {
  return isInvalid ? FloatFlag.invalid : 0;
}

/** A number that is ordered as the bits' values are, with both zeros in the middle. */
function position({ sign }: Layout, bits: bigint): bigint {
  return (bits & sign) === 0n ? bits : sign - bits;
}

/** Compares quietly: only a signaling NaN is invalid. */
export function equal(layout: Layout, left: bigint, right: bigint): FloatResult {
  const signals = isSignaling(layout, left) || isSignaling(layout, right);
  const holds =
    !isNan(layout, left) &&
    !isNan(layout, right) &&
    position(layout, left) === position(layout, right);
  return { bits: holds ? 1n : 0n, flags: flagsOf(signals) };
}

function ordered(
  layout: Layout,
  left: bigint,
  right: bigint,
  holds: (left: bigint, right: bigint) => boolean,
): FloatResult {
  if (isNan(layout, left) || isNan(layout, right)) return { bits: 0n, flags: FloatFlag.invalid };
  return { bits: holds(position(layout, left), position(layout, right)) ? 1n : 0n, flags: 0 };
}

/** Compares; any NaN is invalid. */
export function less(layout: Layout, left: bigint, right: bigint): FloatResult {
  return ordered(layout, left, right, (a, b) => a < b);
}

/** Compares; any NaN is invalid. */
export function lessOrEqual(layout: Layout, left: bigint, right: bigint): FloatResult {
  return ordered(layout, left, right, (a, b) => a <= b);
}

/** Picks the operand that comes first in this order of bits, minus zero before plus zero; a number rather than a NaN. */
function first(
  layout: Layout,
  left: bigint,
  right: bigint,
  precedes: (left: bigint, right: bigint) => boolean,
): FloatResult {
  const flags = flagsOf(isSignaling(layout, left) || isSignaling(layout, right));
  if (isNan(layout, left)) return { bits: isNan(layout, right) ? layout.nan : right, flags };
  if (isNan(layout, right)) return { bits: left, flags };
  const isTie = position(layout, left) === position(layout, right);
  // Equal numbers of unlike bits are zeros; the bits of minus zero are the larger ones.
  const picksLeft = isTie
    ? precedes(-left, -right)
    : precedes(position(layout, left), position(layout, right));
  return { bits: picksLeft ? left : right, flags };
}

/** The smaller number; minus zero is smaller than plus zero. */
export function minimum(layout: Layout, left: bigint, right: bigint): FloatResult {
  return first(layout, left, right, (a, b) => a < b);
}

/** The larger number; plus zero is larger than minus zero. */
export function maximum(layout: Layout, left: bigint, right: bigint): FloatResult {
  return first(layout, left, right, (a, b) => a > b);
}
