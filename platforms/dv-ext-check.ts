import { postedInterrupts } from '../hw/dv-ext/index.ts';
import { dvClint, forkClint } from '../hw/interrupts/index.ts';
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

/** What a way to post needs: the input of a hart, and the kind of device that drives it. */
interface Need {
  readonly input: 'posted' | 'vssip' | 'usip';
  readonly kind: string;
  readonly device: string;
}

const unit: Need = {
  input: 'posted',
  kind: postedInterrupts.kind,
  device: 'a posted-interrupt unit',
};
const interruptors: Readonly<Record<string, Need>> = {
  instructions: {
    input: 'vssip',
    kind: dvClint.kind,
    device: 'the prototype’s interruptor',
  },
  csrs: { input: 'usip', kind: forkClint.kind, device: 'the QEMU fork’s interruptor' },
};

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

function refusePosting(dvExt: DvExtData, surroundings: Surroundings): void {
  const posting = Object.entries(overridesOf(dvExt)['posting'] ?? {}) as [string, unknown][];
  const found = posting.find(([, value]) => value !== 'none');
  if (found === undefined) return;
  const [knob, value] = found;
  const { input, kind, device } = interruptors[String(value)] ?? unit;
  const { root, wires, diagnostics } = surroundings;
  if (wires.some((wire) => new RegExp(`^hart\\.\\d+\\.${input}$`).test(wire.input))) return;
  diagnostics.push({
    code: 'E-CFG-027',
    message: `knob 'posting.${knob}' of DV-Ext is set, but no hart is wired to ${device}`,
    origin: entryAt(root, ['harts', 'dvExt', 'posting', knob])?.keyOrigin,
    label: `needs a wire hart.N.${input} from a device of the kind ${kind}`,
    help: 'dvlab describe components',
  });
}
