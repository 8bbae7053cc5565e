import { floatFunction, type FloatFunction } from '../../../../hw/engine/index.ts';
import {
  floatOperations,
  instructions,
  type Effect,
  type FloatAction,
} from '../../../../hw/isa/index.ts';
import { expected, type Statics } from './reference.ts';

const BOX = 0xffff_ffff_0000_0000n;

/** One operation on one format, as some instruction asks for it. */
export interface Subject {
  readonly name: string;
  readonly statics: Statics;
  readonly arity: 1 | 2 | 3;
  readonly rounds: boolean;
  readonly compute: FloatFunction;
}

function actionOf(effect: Effect): FloatAction | undefined {
  if (effect.effect !== 'write' && effect.effect !== 'writeFloat') return undefined;
  const { value } = effect;
  return 'action' in value && value.action === 'float' ? value : undefined;
}

/** Every floating-point operation that the instructions perform, once. */
export const subjects: readonly Subject[] = [
  ...new Map(
    instructions
      .flatMap(({ effects }) => effects.map(actionOf))
      .filter((action) => action !== undefined)
      .map((action): [string, Subject] => {
        const { operation, from, to, rounds } = action;
        const name = `${operation} ${from === to ? from : `${from} to ${to}`}`;
        const arity = floatOperations[operation];
        const statics = { operation, from, to };
        return [name, { name, statics, arity, rounds, compute: floatFunction(action) }];
      }),
  ).values(),
];

/** Says how the result of an operation differs from what it should be; `undefined` if it does not. */
export function difference(
  { name, statics, compute }: Subject,
  operands: readonly bigint[],
  mode: number,
): string | undefined {
  const [first = 0n, second = 0n, third = 0n] = operands;
  const result = compute(first, second, third, mode);
  const wanted = expected(statics, operands, mode);
  const bits = statics.to === 's' ? wanted.bits | BOX : wanted.bits;
  if (result.bits === bits && result.flags === wanted.flags) return undefined;
  const text = (value: bigint): string => `0x${value.toString(16)}`;
  return `${name} ${operands.map(text).join(' ')} mode ${String(mode)}: ${text(result.bits)} flags ${String(result.flags)}, not ${text(bits)} flags ${String(wanted.flags)}`;
}
