import type { DvProfile } from '../isa/index.ts';
import { defaultIn, misfit } from './knob.ts';
import type { Knob, PresentProfile } from './knob.ts';
import { knobNames, knobs } from './knobs.ts';
import type { DvRules, KnobName } from './knobs.ts';

/** Settings that a platform changes against its profile; dotted knobs may also be nested, as YAML has them. */
export type DvOverrides = Readonly<Record<string, unknown>>;

/** Where the setting of a knob comes from. */
type Origin = 'profile' | 'override';

/** DV-Ext as one hart has it. */
export interface DvExt {
  readonly profile: DvProfile;
  /** Absent where the profile is `none`. */
  readonly rules: DvRules | undefined;
  readonly origins: Readonly<Record<KnobName, Origin>> | undefined;
}

/** One line of what `describe dv-ext` prints. */
export interface KnobSetting {
  readonly name: KnobName;
  readonly value: string | number;
  readonly origin: Origin;
  readonly knob: Knob;
}

/** Resolves a profile and its overrides; names the knob, the value and what it may be when one does not fit. */
export function resolveDvExt(profile: DvProfile, overrides: DvOverrides = {}): DvExt {
  const wanted = new Map(flatten(overrides, ''));
  if (profile === 'none') {
    const [first] = wanted.keys();
    if (first === undefined) return { profile, rules: undefined, origins: undefined };
    throw new Error(`DV-Ext knob ${first}: profile none has no knobs`);
  }
  for (const [name, value] of wanted) checkSetting(name, value);
  return {
    profile,
    rules: Object.fromEntries(
      knobNames.map((name) => [name, wanted.get(name) ?? profileValue(name, profile)]),
    ) as DvRules,
    origins: Object.fromEntries(
      knobNames.map((name) => [name, wanted.has(name) ? 'override' : 'profile']),
    ) as Record<KnobName, Origin>,
  };
}

/** What a profile sets a knob to. */
function profileValue(name: KnobName, profile: PresentProfile): string | number {
  return defaultIn<string | number>(knobs[name].defaults, profile);
}

/** Every knob of a resolved DV-Ext with its value and where that comes from; empty without DV-Ext. */
export function describeDvExt({ rules, origins }: DvExt): readonly KnobSetting[] {
  if (rules === undefined || origins === undefined) return [];
  return knobNames.map((name) => ({
    name,
    value: rules[name],
    origin: origins[name],
    knob: knobs[name],
  }));
}

function checkSetting(name: string, value: unknown): void {
  if (!isKnobName(name)) {
    throw new Error(`DV-Ext knob ${name}: unknown; there are ${knobNames.join(', ')}`);
  }
  const problem = misfit(knobs[name], value);
  if (problem !== undefined) throw new Error(`DV-Ext knob ${name}: ${String(value)} ${problem}`);
}

function isKnobName(name: string): name is KnobName {
  return Object.hasOwn(knobs, name);
}

function flatten(settings: DvOverrides, prefix: string): [string, unknown][] {
  return Object.entries(settings).flatMap(([name, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null
      ? flatten(value as DvOverrides, `${prefix}${name}.`)
      : [[prefix + name, value]],
  );
}
