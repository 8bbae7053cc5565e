import { postedInterrupts, resolveDvExt } from '../hw/dv-ext/index.ts';
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

/** What a way to post, or a guest timer, needs: the input of a hart, and the kind of device that drives it. */
interface Need {
  readonly input: 'posted' | 'vssip' | 'usip' | 'utip';
  readonly kind: string;
  readonly device: string;
}

const unit: Need = {
  input: 'posted',
  kind: postedInterrupts.kind,
  device: 'a posted-interrupt unit',
};
const timer: Need = {
  input: 'utip',
  kind: dvClint.kind,
  device: 'the prototype’s interruptor',
};
const interruptors: Readonly<Record<string, Need>> = {
  instructions: {
    input: 'vssip',
    kind: dvClint.kind,
    device: 'the prototype’s interruptor',
  },
  csrs: { input: 'usip', kind: forkClint.kind, device: 'the QEMU fork’s interruptor' },
};

/** Knobs that would have no effect on this machine are refused, and a guest timer that it does not have. */
export function checkDvExt(dvExt: DvExtData, surroundings: Surroundings): void {
  const [knob] = Object.keys(overridesOf(dvExt));
  if (dvExt.profile !== 'none') {
    refusePosting(dvExt, surroundings);
    refuseTimer(dvExt, surroundings);
  } else if (knob !== undefined) refuseEvery(knob, surroundings);
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
  const found = settingsOf(dvExt, 'posting').find(([, value]) => value !== 'none');
  if (found === undefined) return;
  const [knob, value] = found;
  const need = interruptors[String(value)] ?? unit;
  const { root, diagnostics } = surroundings;
  if (isMet(need, surroundings)) return;
  diagnostics.push({
    code: 'E-CFG-027',
    message: `knob 'posting.${knob}' of DV-Ext is set, but no hart is wired to ${need.device}`,
    origin: entryAt(root, ['harts', 'dvExt', 'posting', knob])?.keyOrigin,
    label: wireFor(need),
    help: 'dvlab describe components',
  });
}

/** With its registers in the interruptor the guest timer is nowhere else, and does what that one does. */
function refuseTimer(dvExt: DvExtData, surroundings: Surroundings): void {
  const { rules } = resolveDvExt(dvExt.profile, overridesOf(dvExt));
  if (rules?.['vtimer.registers'] !== 'clint') return;
  const { root, diagnostics } = surroundings;
  const settings = settingsOf(dvExt, 'vtimer');
  if (!isMet(timer, surroundings)) {
    const isSet = settings.some(([knob]) => knob === 'registers');
    const place = isSet ? ['vtimer', 'registers'] : ['profile'];
    diagnostics.push({
      code: 'E-CFG-028',
      message: `the guest timer is in ${timer.device}, to which no hart is wired`,
      origin: entryAt(root, ['harts', 'dvExt', ...place])?.node.origin,
      label: `${wireFor(timer)}, or vtimer.registers: csr`,
      help: 'dvlab describe components',
    });
  }
  const [without] = settings.find(([knob]) => knob !== 'registers') ?? [];
  if (without === undefined) return;
  diagnostics.push({
    code: 'E-CFG-029',
    message: `knob 'vtimer.${without}' of DV-Ext is set, but the guest timer is in ${timer.device}`,
    origin: entryAt(root, ['harts', 'dvExt', 'vtimer', without])?.keyOrigin,
    label: 'decides about a timer in the harts, vtimer.registers: csr',
    help: 'dvlab describe dv-ext',
  });
}

/** What a platform says of the knobs of a group. */
function settingsOf(dvExt: DvExtData, group: string): readonly [name: string, value: unknown][] {
  return Object.entries(overridesOf(dvExt)[group] ?? {});
}

function isMet({ input }: Need, { wires }: Surroundings): boolean {
  return wires.some((wire) => new RegExp(`^hart\\.\\d+\\.${input}$`).test(wire.input));
}

function wireFor({ input, kind }: Need): string {
  return `needs a wire hart.N.${input} from a device of the kind ${kind}`;
}
