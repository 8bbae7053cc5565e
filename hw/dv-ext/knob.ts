import type { DvProfile } from '../isa/index.ts';

/** A profile that has DV-Ext. */
export type PresentProfile = Exclude<DvProfile, 'none'>;

/** A default for each profile; a profile that is not named has the one of `paper`. */
export type Defaults<Value> = { readonly paper: Value } & Readonly<
  Partial<Record<PresentProfile, Value>>
>;

/** A knob that takes one of a few words or numbers. */
export interface Choice<Value extends string | number> {
  readonly values: readonly Value[];
  readonly defaults: Defaults<Value>;
  readonly description: string;
}

/** A knob that takes a whole number between two bounds. */
export interface Count {
  readonly least: number;
  readonly most: number;
  readonly defaults: Defaults<number>;
  readonly description: string;
}

/** One axis along which DV-Ext can be varied. */
export type Knob = Choice<string | number> | Count;

/** Declares a knob of listed values, which stay literal types. */
export function choice<const Value extends string | number>(
  description: string,
  values: readonly Value[],
  defaults: Defaults<NoInfer<Value>>,
): Choice<Value> {
  return { description, values, defaults };
}

/** Declares a knob of whole numbers. */
export function count(
  description: string,
  [least, most]: readonly [number, number],
  defaults: Defaults<number>,
): Count {
  return { description, least, most, defaults };
}

/** What a knob is set to in a profile, before anybody overrides it. */
export function defaultIn<Value>(defaults: Defaults<Value>, profile: PresentProfile): Value {
  return defaults[profile] ?? defaults.paper;
}

/** Why a value does not fit a knob; `undefined` when it does. */
export function misfit(knob: Knob, value: unknown): string | undefined {
  if ('values' in knob) {
    if (knob.values.some((allowed) => allowed === value)) return undefined;
    return `must be one of ${knob.values.join(', ')}`;
  }
  const { least, most } = knob;
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return undefined;
  return `must be a whole number from ${String(least)} to ${String(most)}`;
}
