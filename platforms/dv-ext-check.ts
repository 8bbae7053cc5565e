import { overridesOf, type DvExtData } from './dv-ext-schema.ts';
import { entryAt, type MapNode } from './source/config-node.ts';
import type { Diagnostic } from './source/diagnostic.ts';
import type { Wire } from './wiring.ts';

/** The rest of the platform that knobs of DV-Ext are checked against. */
interface Surroundings {
  readonly root: MapNode;
  readonly wires: readonly Wire[];
  readonly diagnostics: Diagnostic[];
}

/** The input of a hart by which it reaches the posted-interrupt unit. */
const posted = /^hart\.\d+\.posted$/;

/** Knobs that would have no effect on this machine are refused. */
export function checkDvExt(dvExt: DvExtData, surroundings: Surroundings): void {
  const [knob] = Object.keys(overridesOf(dvExt));
  if (knob === undefined) return;
  if (dvExt.profile === 'none') refuseEvery(knob, surroundings);
  else refusePosting(dvExt, surroundings);
}

function refuseEvery(knob: string, { root, diagnostics }: Surroundings): void {
  diagnostics.push({
    code: 'E-CFG-026',
    message: `knob '${knob}' of DV-Ext is set, but the profile is none`,
    origin: entryAt(root, ['harts', 'dvExt', knob])?.keyOrigin,
    label: 'a machine without DV-Ext has no knobs; remove it with ~',
    help: 'dvlab describe dv-ext',
  });
}

function refusePosting(dvExt: DvExtData, { root, wires, diagnostics }: Surroundings): void {
  if (wires.some(({ input }) => posted.test(input))) return;
  const knob = Object.entries(overridesOf(dvExt)['posting'] ?? {}).find(
    ([, value]) => value !== 'none',
  )?.[0];
  if (knob === undefined) return;
  diagnostics.push({
    code: 'E-CFG-027',
    message: `knob 'posting.${knob}' of DV-Ext is set, but no hart is wired to a posted-interrupt unit`,
    origin: entryAt(root, ['harts', 'dvExt', 'posting', knob])?.keyOrigin,
    label: 'needs a wire hart.N.posted from a device of the kind posted-interrupts',
    help: 'dvlab describe posted-interrupts',
  });
}
