import { infinityOf, parameters, type Parameters } from './reference-rounding.ts';

function bothSigns({ width }: Parameters, places: readonly bigint[]): bigint[] {
  const sign = 1n << BigInt(width - 1);
  return [...new Set(places)].flatMap((place) => [place, place | sign]);
}

/** Places of the powers of two, from which their neighbours are counted. */
function powerOfTwo({ p, emax }: Parameters, exponent: number): bigint {
  return BigInt(exponent + emax) << BigInt(p - 1);
}

/** Zeros, ends of the subnormal and normal numbers, powers of two and what is beside them, infinities, NaNs of both kinds. */
function specials(format: Parameters): readonly bigint[] {
  const { p, emax } = format;
  const infinity = infinityOf(format);
  const normal = 1n << BigInt(p - 1);
  const quiet = 1n << BigInt(p - 2);
  const exponents = [-p - 1, -p, 1 - p, -1, 0, 1, p - 1, p, p + 1, emax - p, emax];
  return bothSigns(format, [
    ...[0n, 1n, 2n, 3n, quiet - 1n, quiet, normal - 2n],
    ...[normal - 1n, normal, normal + 1n, 2n * normal - 1n, 2n * normal, 3n * normal],
    ...exponents.flatMap((exponent) => {
      const place = powerOfTwo(format, exponent);
      return [place - 1n, place, place + 1n];
    }),
    powerOfTwo(format, 0) | quiet,
    powerOfTwo(format, 1) | quiet,
    infinity - 2n,
    infinity - 1n,
    infinity,
    infinity + 1n,
    infinity + quiet - 1n,
    infinity + quiet,
    infinity + normal - 1n,
  ]);
}

/** Numbers that conversions find hard: the limits of the integers, and halves between integers. */
function conversionSpecials(format: Parameters): readonly bigint[] {
  const places = [-2, 31, 32, 63, 64].flatMap((exponent) => {
    const place = powerOfTwo(format, exponent);
    return [-2n, -1n, 0n, 1n, 2n].map((step) => place + step);
  });
  const halves = [0.5, 1.5, 2.5, 3.5, 2 ** 22 + 0.5, 2 ** 31 - 0.5, 2 ** 31 + 0.5, 2 ** 32 - 0.5];
  return bothSigns(format, [...places, ...halves.map((value) => bitsOf(format, value))]);
}

const view = new DataView(new ArrayBuffer(8));

/** The bits of a number of the host, rounded to the format. */
export function bitsOf({ width }: Parameters, value: number): bigint {
  if (width === 32) {
    view.setFloat32(0, value);
    return BigInt(view.getUint32(0));
  }
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

/** The number of the host with these bits. */
export function numberOf({ width }: Parameters, bits: bigint): number {
  if (width === 32) {
    view.setUint32(0, Number(bits));
    return view.getFloat32(0);
  }
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

/** Doubles around the limits of single precision, and between two singles. */
function singleLimits(): readonly bigint[] {
  const values = [
    2 ** -150,
    2 ** -149,
    2 ** -126,
    2 ** 128,
    2 ** 128 - 2 ** 103,
    2 ** 128 - 2 ** 104,
  ];
  const between = [1 + 2 ** -24, 1 + 3 * 2 ** -24, 2 ** -126 - 2 ** -150, 2 ** -126 - 2 ** -151];
  return bothSigns(
    parameters.d,
    [...values, ...between].flatMap((value) => {
      const place = bitsOf(parameters.d, value);
      return [place - 1n, place, place + 1n];
    }),
  );
}

const integers = [0, 1, 22, 23, 24, 25, 30, 31, 32, 33, 51, 52, 53, 54, 55, 62, 63, 64].flatMap(
  (bit) => [-2n, -1n, 0n, 1n, 2n].map((step) => BigInt.asUintN(64, (1n << BigInt(bit)) + step)),
);

/** Operands at which operations on a format, or an integer format, go wrong. */
export const specialOperands: Readonly<Record<'s' | 'd', readonly bigint[]>> = {
  s: specials(parameters.s),
  d: specials(parameters.d),
};

/** Operands at which conversions from a format go wrong. */
export function conversionOperands(from: string): readonly bigint[] {
  if (from === 's') return [...specialOperands.s, ...conversionSpecials(parameters.s)];
  if (from !== 'd') return [...integers, ...integers.map((value) => BigInt.asUintN(64, -value))];
  return [...specialOperands.d, ...conversionSpecials(parameters.d), ...singleLimits()];
}

/** Random numbers without end, the same for the same seed. */
export class Random {
  #state: bigint;

  constructor(seed: bigint) {
    this.#state = seed;
  }

  /** 64 random bits. */
  bits(): bigint {
    this.#state = BigInt.asUintN(64, this.#state + 0x9e37_79b9_7f4a_7c15n);
    let mixed = this.#state;
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d0_49bb_1331_11ebn);
    return mixed ^ (mixed >> 31n);
  }

  /** A number from 0 to `count` - 1. */
  below(count: number): number {
    return Number(this.bits() % BigInt(count));
  }

  /** One of a list. */
  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}

/** An operand that is special one time in four, near a special one, with few bits set, near in size to another, or any. */
export function randomOperand(random: Random, from: string, other: bigint): bigint {
  const special = from === 's' || from === 'd' ? specialOperands[from] : integers;
  const width = from === 's' ? 32 : 64;
  const p = from === 's' ? 24 : 53;
  const any = BigInt.asUintN(width, random.bits());
  switch (random.below(8)) {
    case 0:
    case 1:
      return random.of(special);
    case 2:
      return BigInt.asUintN(width, random.of(special) + BigInt(random.below(2001) - 1000));
    case 3:
      return any & ~((1n << BigInt(random.below(p))) - 1n);
    case 4:
      return any | ((1n << BigInt(random.below(p))) - 1n);
    case 5: {
      // Exponents this close make sums cancel, and lose the bits that decide how to round.
      const distance = BigInt(random.below(2 * p + 6) - p - 3) << BigInt(p - 1);
      const fraction = BigInt.asUintN(p - 1, any);
      return (
        BigInt.asUintN(width, ((other >> BigInt(p - 1)) << BigInt(p - 1)) + distance) | fraction
      );
    }
    default:
      return any;
  }
}
