import { i32, i64, letI64, select, type I64 } from './expression.ts';
import type { FloatFormat } from './float-action.ts';

/** What expressions need to know of a format: as numbers, these are limits of the magnitude's bits. */
interface Layout {
  readonly sign: bigint;
  readonly magnitude: bigint;
  readonly smallestNormal: bigint;
  readonly infinity: bigint;
  readonly smallestQuietNan: bigint;
  readonly signBit: bigint;
}

function layoutOf(width: number, significandBits: number): Layout {
  const sign = 1n << BigInt(width - 1);
  const smallestNormal = 1n << BigInt(significandBits);
  const infinity = sign - smallestNormal;
  return {
    sign,
    magnitude: sign - 1n,
    smallestNormal,
    infinity,
    smallestQuietNan: infinity + smallestNormal / 2n,
    signBit: BigInt(width - 1),
  };
}

const layouts: Readonly<Record<FloatFormat, Layout>> = {
  s: layoutOf(32, 23),
  d: layoutOf(64, 52),
};

const BOX = i64.const(0xffff_ffff_0000_0000n);
const LOW_HALF = i64.const(0xffff_ffffn);
const CANONICAL_SINGLE_NAN = i64.const(layouts.s.smallestQuietNan);

/** The low half of a value as a single in a 64-bit register, ones above it (unpriv 21.2). */
export function boxed(value: I64): I64 {
  return i64.or(value, BOX);
}

/** The bits of a single in a 64-bit register; a register that holds no single counts as the canonical NaN (unpriv 21.2). */
export function unboxed(register: I64): I64 {
  return select(i64.ge_u(register, BOX), i64.and(register, LOW_HALF), CANONICAL_SINGLE_NAN);
}

/** The number with the other sign. */
export function negated(format: FloatFormat, value: I64): I64 {
  return i64.xor(value, i64.const(layouts[format].sign));
}

/** The first number with the sign of the second. */
export function withSignOf(format: FloatFormat, value: I64, signed: I64): I64 {
  const { sign, magnitude } = layouts[format];
  return i64.or(i64.and(value, i64.const(magnitude)), i64.and(signed, i64.const(sign)));
}

/** The first number with the product of both signs. */
export function withSignsMultiplied(format: FloatFormat, value: I64, signed: I64): I64 {
  return i64.xor(value, i64.and(signed, i64.const(layouts[format].sign)));
}

const SIGNALING_NAN = i64.const(1n << 8n);
const QUIET_NAN = i64.const(1n << 9n);
const POSITIVE_ZERO_BIT = i64.const(4n);
const NEGATIVE_ZERO_BIT = i64.const(3n);

/** The one bit that says what class of number it is, from negative infinity, bit 0, to quiet NaN, bit 9 (unpriv 20.9). */
export function classified(format: FloatFormat, value: I64): I64 {
  const { magnitude, smallestNormal, infinity, smallestQuietNan, signBit } = layouts[format];
  return letI64(i64.and(value, i64.const(magnitude)), (size) => {
    const reaches = (limit: bigint): I64 => i64.extend_i32_u(i64.ge_u(size, i64.const(limit)));
    // 0 for zero, 1 for subnormal, 2 for normal numbers, 3 for infinity.
    const order = i64.add(i64.add(reaches(1n), reaches(smallestNormal)), reaches(infinity));
    const bit = select(
      i32.wrap_i64(i64.shr_u(value, i64.const(signBit))),
      i64.sub(NEGATIVE_ZERO_BIT, order),
      i64.add(POSITIVE_ZERO_BIT, order),
    );
    const nan = select(i64.ge_u(size, i64.const(smallestQuietNan)), QUIET_NAN, SIGNALING_NAN);
    return select(i64.gt_u(size, i64.const(infinity)), nan, i64.shl(i64.const(1n), bit));
  });
}
