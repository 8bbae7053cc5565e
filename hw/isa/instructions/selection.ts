import type { DvProfile } from '../profile.ts';

/**
 * What a hart implements or not: groups of instructions, and what changes CSRs and translation only. `s` is the privileged
 * architecture without H, `dv` is DV-Ext; `sv48` brings Sv48x4 to a hart with H;
 * `svinval-h` is the part of Svinval that needs H; `dv-timer` and `dv-vipi` are the prototype's instructions for the guest
 * timer and for virtual IPIs.
 */
export const extensions = [
  'i',
  'm',
  'a',
  'f',
  'd',
  'c',
  'zba',
  'zbb',
  'zbs',
  'zicsr',
  'zifencei',
  'zicbom',
  'zicbop',
  'zicboz',
  's',
  'h',
  'dv',
  'dv-timer',
  'dv-vipi',
  'sv48',
  'sstc',
  'svadu',
  'zihpm',
  'svinval',
  'svinval-h',
] as const;

/** One of them. */
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
