import type { Operand, Reference } from './operand.ts';

/** The binary digits of a value, the highest first. */
const digits = (value: bigint, width: number): string => value.toString(2).padStart(width, '0');

const number = (text: string): bigint => BigInt(`0b${text}`);
const count = (text: string): bigint => BigInt(text.length);
const leadingZeros = (text: string): bigint => count(/^0*/.exec(text)?.[0] ?? '');
const trailingZeros = (text: string): bigint => count(/0*$/.exec(text)?.[0] ?? '');
const ones = (text: string): bigint => count(text.replaceAll('0', ''));

/** Turns digits to the left by any amount. */
function turned(text: string, amount: bigint): bigint {
  const at = Number(((amount % count(text)) + count(text)) % count(text));
  return number(text.slice(at) + text.slice(0, at));
}

const bytesOf = (value: bigint): string[] => digits(value, 64).match(/.{8}/g) ?? [];
const double = ({ u }: Operand): string => digits(u, 64);
const single = ({ lowUnsigned }: Operand): string => digits(lowUnsigned, 32);
const bit = ({ u }: Operand): bigint => 2n ** (u % 64n);
const has = (a: Operand, b: Operand): boolean => (a.u / bit(b)) % 2n === 1n;

/** Zba, Zbb and Zbs on mathematical integers and strings of digits. */
export const bitManipulationReferences: Readonly<Record<string, Reference>> = {
  'add.uw': (a, b) => a.lowUnsigned + b.u,
  sh1add: (a, b) => a.u * 2n + b.u,
  sh2add: (a, b) => a.u * 4n + b.u,
  sh3add: (a, b) => a.u * 8n + b.u,
  'sh1add.uw': (a, b) => a.lowUnsigned * 2n + b.u,
  'sh2add.uw': (a, b) => a.lowUnsigned * 4n + b.u,
  'sh3add.uw': (a, b) => a.lowUnsigned * 8n + b.u,
  andn: (a, b) => a.s & (-1n - b.s),
  orn: (a, b) => a.s | (-1n - b.s),
  xnor: (a, b) => -1n - (a.s ^ b.s),
  min: (a, b) => (a.s < b.s ? a.s : b.s),
  minu: (a, b) => (a.u < b.u ? a.u : b.u),
  max: (a, b) => (a.s > b.s ? a.s : b.s),
  maxu: (a, b) => (a.u > b.u ? a.u : b.u),
  rol: (a, b) => turned(double(a), b.u),
  ror: (a, b) => turned(double(a), -b.u),
  rolw: (a, b) => BigInt.asIntN(32, turned(single(a), b.u)),
  rorw: (a, b) => BigInt.asIntN(32, turned(single(a), -b.u)),
  clz: (a) => leadingZeros(double(a)),
  ctz: (a) => trailingZeros(double(a)),
  cpop: (a) => ones(double(a)),
  clzw: (a) => leadingZeros(single(a)),
  ctzw: (a) => trailingZeros(single(a)),
  cpopw: (a) => ones(single(a)),
  'sext.b': (a) => BigInt.asIntN(8, a.u),
  'sext.h': (a) => BigInt.asIntN(16, a.u),
  'zext.h': (a) => a.u % 0x1_0000n,
  'orc.b': (a) =>
    number(
      bytesOf(a.u)
        .map((byte) => (byte.includes('1') ? '11111111' : '00000000'))
        .join(''),
    ),
  rev8: (a) => number(bytesOf(a.u).reverse().join('')),
  bclr: (a, b) => (has(a, b) ? a.u - bit(b) : a.u),
  bext: (a, b) => (has(a, b) ? 1n : 0n),
  binv: (a, b) => (has(a, b) ? a.u - bit(b) : a.u + bit(b)),
  bset: (a, b) => (has(a, b) ? a.u : a.u + bit(b)),
};

/** Instructions of Zba, Zbb and Zbs with an immediate, and the register form that means the same. */
export const bitManipulationImmediateForms: Readonly<Record<string, string>> = {
  rori: 'ror',
  roriw: 'rorw',
  bclri: 'bclr',
  bexti: 'bext',
  binvi: 'binv',
  bseti: 'bset',
};
