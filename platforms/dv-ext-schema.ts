import { z } from 'zod';
import {
  describeDvExt,
  knobNames,
  knobs,
  type DvExt,
  type DvOverrides,
  type Knob,
} from '../hw/dv-ext/index.ts';
import { dvProfiles } from '../hw/isa/index.ts';

/** Knobs by the parts of their dotted names. */
interface KnobTree {
  [name: string]: KnobTree | Knob;
}

function knobTree(): KnobTree {
  const root: KnobTree = {};
  for (const name of knobNames) {
    const parts = name.split('.');
    const leaf = parts.pop() ?? name;
    let branch = root;
    for (const part of parts) branch = (branch[part] ??= {}) as KnobTree;
    branch[leaf] = knobs[name];
  }
  return root;
}

function treeShape(tree: KnobTree): z.ZodRawShape {
  const shape = Object.entries(tree).map(([name, item]) => {
    if (isKnob(item)) return [name, knobSchema(item).optional()] as const;
    return [name, z.strictObject(treeShape(item)).optional()] as const;
  });
  return Object.fromEntries(shape);
}

function isKnob(item: KnobTree | Knob): item is Knob {
  return typeof item.description === 'string';
}

function knobSchema(knob: Knob): z.ZodType {
  const schema =
    'values' in knob ? z.literal([...knob.values]) : z.int().min(knob.least).max(knob.most);
  return schema.describe(knob.description);
}

/** DV-Ext of every hart: a profile, and the knobs that differ from it. */
export const dvExtSchema = z.strictObject({
  profile: z
    .enum(dvProfiles)
    .default('paper')
    .describe('variant of DV-Ext that the knobs start from'),
  ...treeShape(knobTree()),
});

/** What a platform says of DV-Ext. */
export type DvExtData = z.output<typeof dvExtSchema>;

/** The knobs that a platform sets itself; without DV-Ext there are none to set. */
export function overridesOf(data: DvExtData): DvOverrides {
  return Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'profile'));
}

/** Every knob by the nesting of a platform file, for printing. */
export function nestKnobs(dvExt: DvExt): object {
  const nested: Record<string, unknown> = { profile: dvExt.profile };
  for (const { name, value } of describeDvExt(dvExt)) {
    const parts = name.split('.');
    const leaf = parts.pop() ?? name;
    let branch = nested;
    for (const part of parts) branch = (branch[part] ??= {}) as Record<string, unknown>;
    branch[leaf] = value;
  }
  return nested;
}
