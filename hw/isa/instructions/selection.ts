import type { DvProfile } from '../profile.ts';

/** Groups of instructions that a hart implements or not; `s` is the privileged architecture without H, `dv` is DV-Ext. */
export const extensions = ['i', 'm', 'a', 'zicsr', 'zifencei', 's', 'h', 'dv'] as const;

/** One of the groups of instructions. */
export type Extension = (typeof extensions)[number];

/** The instructions of a hart: its extensions, and the variant of DV-Ext that decides who may use them. */
export interface Selection {
  readonly extensions: ReadonlySet<Extension>;
  readonly profile: DvProfile;
}

/** Everything this model knows, with the given variant of DV-Ext. */
export function everyExtension(profile: DvProfile = 'paper'): Selection {
  return { extensions: new Set(extensions), profile };
}
