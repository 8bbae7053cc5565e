import { ExitCode } from '../exit-code.ts';
import { groupDigits, textTable } from '../text-table.ts';
import { attack, attackedStacks, type AttackedStack, type Observation } from './attack.ts';
import { bugClasses, type BugClass } from './bug-classes.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import {
  refuse,
  writeResults,
  type Experiment,
  type ReproduceOptions,
} from './reproduce-options.ts';
import type { Output } from '../output.ts';

interface Attack {
  readonly bug: BugClass;
  readonly stack: AttackedStack;
  readonly seen: Observation;
  readonly outcome: Outcome;
}

/** Table 6: each bug class planted at the same code point of each stack. */
export const table6: Experiment = {
  summary:
    'fault confinement: six bug classes, planted in kvm, deprivileged and DuVisor; quick: two of them',
  async run(options, output) {
    const attacks = await attackAll('table6', options, output);
    output.result(['Table 6: what a planted bug does', '', ...table6Lines(attacks), ''].join('\n'));
    const files = { 'table6.json': jsonOf(attacks), 'table6.csv': csvOf(attacks) };
    writeResults('table6', options, files, output);
    return ExitCode.passed;
  },
};

/** Table 5: how many published CVEs of each subsystem reach the host kernel, and whether the bug of that subsystem did here. */
export const table5: Experiment = {
  summary: 'published CVEs that reach the host by subsystem, beside what the planted bug of it did',
  async run(options, output) {
    const attacks = await attackAll('table5', options, output);
    output.result(
      ['Table 5: bugs that reach the host', '', ...table5Lines(attacks), ''].join('\n'),
    );
    const files = { 'table5.json': jsonOf(attacks), 'table5.csv': csvOf(attacks) };
    writeResults('table5', options, files, output);
    return ExitCode.passed;
  },
};

async function attackAll(
  name: string,
  { stack, iterations, quick, platform = 'duvisor-2hart', set }: ReproduceOptions,
  output: Output,
): Promise<readonly Attack[]> {
  const spared = stack.find((each) => !isAttacked(each));
  if (spared !== undefined) refuse(name, `--stack ${spared}`);
  if (iterations !== undefined) refuse(name, '--iterations');
  const attacks: Attack[] = [];
  for (const bug of bugClasses) {
    if (quick && !bug.isQuick) continue;
    for (const each of attackedStacks) {
      if (stack.length > 0 && !stack.includes(each)) continue;
      const seen = await attack(each, bug.number, { platform, set }, output);
      attacks.push({ bug, stack: each, seen, outcome: outcomeOf(seen) });
    }
  }
  return attacks;
}

function isAttacked(stack: string): stack is AttackedStack {
  return (attackedStacks as readonly string[]).includes(stack);
}

/** How long it takes until a virtual machine boots again: after the victim's end, or after a restart of the machine. */
function recoveryOf({ seen, outcome }: Attack): string {
  const { nextVmAt, victimEndedAt, bootedAt } = seen;
  if (outcome === 'host down') return `restart, ${groupDigits(bootedAt)}`;
  if (nextVmAt === undefined) return 'none';
  return victimEndedAt === undefined ? 'no wait' : groupDigits(nextVmAt - victimEndedAt);
}

function table6Lines(attacks: readonly Attack[]): readonly string[] {
  const head = [
    'CVE',
    'subsystem',
    'stack',
    'outcome',
    'host memory',
    'other VM',
    'next VM, cycles',
  ];
  const body = attacks.map((each) => [
    each.stack === attacks[0]?.stack ? each.bug.cve : '',
    each.stack === attacks[0]?.stack ? each.bug.subsystem : `  ${each.bug.bug}`,
    each.stack,
    each.seen.victimStatus === undefined
      ? each.outcome
      : `${each.outcome} (${String(each.seen.victimStatus)})`,
    each.seen.hostDamage.length === 0 ? 'as before' : `changed: ${each.seen.hostDamage.join(', ')}`,
    each.seen.isNeighbourSound ? 'right' : 'lost',
    recoveryOf(each),
  ]);
  return textTable([head, ...body], [6]);
}

function table5Lines(attacks: readonly Attack[]): readonly string[] {
  const head = [
    'subsystem',
    'paper: KVM',
    'NOVA/DeHype',
    'DuVisor',
    'ours: kvm',
    'deprivileged',
    'DuVisor',
  ];
  const classes = [...new Set(attacks.map(({ bug }) => bug))];
  const body = classes.map((bug) => {
    const ours = attackedStacks.map((stack) => {
      const found = attacks.find((each) => each.bug === bug && each.stack === stack);
      return found === undefined ? '' : found.outcome;
    });
    const { kvm, deprivileged, duvisor } = bug.counts;
    return [bug.subsystem, ...[kvm, deprivileged, duvisor].map(String), ...ours];
  });
  return textTable([head, ...body], [1, 2, 3]);
}

function jsonOf(attacks: readonly Attack[]): string {
  const list = attacks.map(({ bug, stack, seen, outcome }) => ({ ...bug, stack, outcome, seen }));
  return `${JSON.stringify({ schema: 'dvlab-confinement-1', attacks: list }, undefined, 2)}\n`;
}

function csvOf(attacks: readonly Attack[]): string {
  const rows = attacks.map((each) => {
    const { bug, stack, outcome, seen } = each;
    const facts = [
      seen.hostDamage.length === 0,
      seen.isNeighbourSound,
      seen.victimStatus ?? '',
    ].map(String);
    return [bug.cve, bug.subsystem, stack, outcome, ...facts, `"${recoveryOf(each)}"`].join(',');
  });
  const head = 'cve,subsystem,stack,outcome,host_intact,neighbour_sound,status,recovery';
  return `${[head, ...rows].join('\n')}\n`;
}
