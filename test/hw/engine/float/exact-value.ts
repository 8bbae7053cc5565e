/** A number `m` times two to the `e`. */
export interface Dyadic {
  readonly m: bigint;
  readonly e: number;
}

/** The product of two numbers. */
export function times(a: Dyadic, b: Dyadic): Dyadic {
  return { m: a.m * b.m, e: a.e + b.e };
}

/** The sum of two numbers. */
export function plus(a: Dyadic, b: Dyadic): Dyadic {
  const e = Math.min(a.e, b.e);
  return { m: (a.m << BigInt(a.e - e)) + (b.m << BigInt(b.e - e)), e };
}

/** The sign of a number. */
export function signOf({ m }: Dyadic): number {
  return m > 0n ? 1 : m < 0n ? -1 : 0;
}

/** -1, 0 or 1 as the first number is less than, equal to or greater than the second. */
export function order(a: Dyadic, b: Dyadic): number {
  return signOf(plus(a, { m: -b.m, e: b.e }));
}

/**
 * A positive real number, known by how it compares with every dyadic one; that makes quotients and roots as exact as sums.
 * The estimate, `mantissa` times two to the `exponent`, only says where to begin to compare.
 */
export interface Exact {
  readonly compare: (other: Dyadic) => number;
  readonly mantissa: number;
  readonly exponent: number;
}

/** A mantissa from 1 to 2 and the exponent that goes with it. */
function estimate({ m, e }: Dyadic): { mantissa: number; exponent: number } {
  const digits = m.toString(2);
  const head = digits.slice(0, 53);
  return { mantissa: parseInt(head, 2) / 2 ** (head.length - 1), exponent: e + digits.length - 1 };
}

/** A dyadic number itself. */
export function exactly(value: Dyadic): Exact {
  return { ...estimate(value), compare: (other) => order(value, other) };
}

/** `a / b`. */
export function quotient(a: Dyadic, b: Dyadic): Exact {
  const [over, under] = [estimate(a), estimate(b)];
  const borrows = over.mantissa < under.mantissa;
  return {
    mantissa: (over.mantissa / under.mantissa) * (borrows ? 2 : 1),
    exponent: over.exponent - under.exponent - (borrows ? 1 : 0),
    compare: (other) => order(a, times(other, b)),
  };
}

/** The square root of `a`. */
export function root(a: Dyadic): Exact {
  const { mantissa, exponent } = estimate(a);
  const odd = exponent & 1;
  return {
    mantissa: Math.sqrt(mantissa * 2 ** odd),
    exponent: (exponent - odd) / 2,
    compare: (other) => order(a, times(other, other)),
  };
}

/** The number times two to the `power`. */
export function scaled(exact: Exact, power: number): Exact {
  return {
    mantissa: exact.mantissa,
    exponent: exact.exponent + power,
    compare: ({ m, e }) => exact.compare({ m, e: e - power }),
  };
}
