import { RoundingMode } from '../../../isa/index.ts';
import type { FloatOp } from '../../../wasm/index.ts';
import type { FloatStatics } from '../../float/index.ts';
import { demoteExactly } from './products.ts';
import type { FloatValues } from './values.ts';

/** Operations that round to the nearest integer of a kind, by rounding mode; there is none for `rmm`. */
const integral: Readonly<Record<number, FloatOp>> = {
  [RoundingMode.rne]: 'f64.nearest',
  [RoundingMode.rtz]: 'f64.trunc',
  [RoundingMode.rdn]: 'f64.floor',
  [RoundingMode.rup]: 'f64.ceil',
};

/** Whether generated code rounds to integers in a mode. */
export function roundsToInteger(mode: number): boolean {
  return integral[mode] !== undefined;
}

function numbers(
  v: FloatValues,
  isSingle: boolean,
  a: number,
  b: number,
): readonly [number, number] {
  const x = v.f64('x', () => {
    v.number(isSingle, a);
  });
  const y = v.f64('y', () => {
    v.number(isSingle, b);
  });
  v.leaveIfNan(x);
  v.leaveIfNan(y);
  return [x, y];
}

/** Picks the smaller or larger number; minus zero is smaller than plus zero, as for the host. */
export function extreme(
  v: FloatValues,
  operation: 'f64.min' | 'f64.max',
  isSingle: boolean,
  a: number,
  b: number,
): void {
  const code = v.code;
  const [x, y] = numbers(v, isSingle, a, b);
  code.get(x);
  code.get(y);
  code.float(operation);
  if (isSingle)
    v.boxed(
      v.f32('single', () => {
        code.float('f32.demote_f64');
      }),
    );
  else code.float('i64.reinterpret_f64');
}

/** Compares numbers. */
export function compare(
  v: FloatValues,
  operation: 'f64.eq' | 'f64.lt' | 'f64.le',
  isSingle: boolean,
  a: number,
  b: number,
): void {
  const code = v.code;
  const [x, y] = numbers(v, isSingle, a, b);
  code.get(x);
  code.get(y);
  code.float(operation);
  code.op('i64.extend_i32_u');
}

/** Converts between formats. */
export function convert(
  v: FloatValues,
  from: FloatStatics['from'],
  to: FloatStatics['to'],
  a: number,
  mode: number,
): void {
  if (from === 's' || from === 'd') {
    const x = v.f64('x', () => {
      v.number(from === 's', a);
    });
    if (to === 's') demoteExactly(v, x);
    else if (to === 'd') {
      v.leaveIfNan(x);
      v.bits(x);
    } else toInteger(v, to, x, mode);
  } else fromInteger(v, from, to === 's', a);
}

function toInteger(v: FloatValues, to: FloatStatics['to'], x: number, mode: number): void {
  const code = v.code;
  const operation = integral[mode];
  if (operation === undefined) throw new Error(`no rounding mode ${String(mode)} here`);
  const value = v.f64('integral', () => {
    code.get(x);
    code.float(operation);
  });
  const isSigned = to === 'w' || to === 'l';
  const bits = to === 'w' || to === 'wu' ? 32 : 64;
  code.get(value);
  code.f64(isSigned ? -(2 ** (bits - 1)) : 0);
  code.float('f64.ge');
  code.get(value);
  code.f64(2 ** (isSigned ? bits - 1 : bits));
  code.float('f64.lt');
  v.both();
  v.leaveUnless();
  v.site.inexactIf(() => {
    code.get(value);
    code.get(x);
    code.float('f64.ne');
  });
  code.get(value);
  code.float(isSigned ? 'i64.trunc_f64_s' : 'i64.trunc_f64_u');
  if (to === 'wu') code.op('i64.extend32_s');
}

function fromInteger(
  v: FloatValues,
  from: FloatStatics['from'],
  isToSingle: boolean,
  a: number,
): void {
  const code = v.code;
  const isSigned = from !== 'lu';
  const value = v.i64('integer', () => {
    code.get(a);
    if (from === 'w') code.op('i64.extend32_s');
    if (from === 'wu') {
      code.i64(0xffff_ffffn);
      code.op('i64.and');
    }
  });
  const x = v.f64('x', () => {
    code.get(value);
    if (isToSingle) {
      code.float(isSigned ? 'f32.convert_i64_s' : 'f32.convert_i64_u');
      code.float('f64.promote_f32');
    } else code.float(isSigned ? 'f64.convert_i64_s' : 'f64.convert_i64_u');
  });
  if (from === 'l' || from === 'lu') {
    // Rounded up to what no integer of the format is.
    code.get(x);
    code.f64(isSigned ? 2 ** 63 : 2 ** 64);
    code.float('f64.ge');
    v.site.leaveIf();
  }
  v.site.inexactIf(() => {
    code.get(x);
    code.float(isSigned ? 'i64.trunc_f64_s' : 'i64.trunc_f64_u');
    code.get(value);
    code.op('i64.ne');
  });
  if (isToSingle) {
    v.boxed(
      v.f32('single', () => {
        code.get(x);
        code.float('f32.demote_f64');
      }),
    );
  } else v.bits(x);
}
