import type { Hart } from '../hw/hart/index.ts';
import type { Statistics } from '../hw/kernel/index.ts';
import type { ComponentCounts, MemoryModel } from '../hw/timing/index.ts';
import type { Machine } from './machine.ts';

const cycles = { unit: 'cycles', description: 'core cycles since reset' };
const instructions = { unit: 'instructions', description: 'instructions retired' };
const hartTree = {
  unit: 'cycles',
  description: 'where the cycles went: mode, mechanism; they sum to cycles',
};
const vmTrees = {
  unit: 'cycles',
  description: 'the same by VM id, of the guest (VS, VU) and its exit handler (HU)',
};
const exits = { unit: 'cycles', description: 'VM exits by handler and cause' };

/** Registers what a run is judged by: per hart and VM the cycles by mode and mechanism, instructions and VM exits. */
export function registerStatistics(machine: Machine, caches: MemoryModel | undefined): void {
  const { statistics, harts } = machine;
  const whole = statistics.group('machine');
  whole.figure('cycles', cycles, () => machine.cycle);
  whole.figure('instructions', instructions, () => machine.instructionCount);
  statistics.figure('vm', vmTrees, () => sumOfVms(harts));
  registerCounts(statistics, caches?.counts);
  for (const hart of harts) {
    const group = statistics.group('hart').group(String(hart.id));
    group.figure('cycles', cycles, () => hart.state.cycle);
    group.figure('instructions', instructions, () => hart.state.instret);
    group.figure('cycle-tree', hartTree, () => hart.account.tree.snapshot());
    group.figure('vm', vmTrees, () => Object.fromEntries(hart.account.vms.trees()));
    group.figure('exits', exits, () => hart.exits.summaries());
    registerCounts(group, caches?.cores[hart.id]?.counts);
  }
}

function registerCounts(group: Statistics, components: ComponentCounts = {}): void {
  for (const [component, counts] of Object.entries(components)) {
    const own = group.group(component);
    for (const [name, description] of Object.entries(counts.events)) {
      own.figure(name, { unit: 'events', description }, () => counts.of(name));
    }
  }
}

/** Trees of numbers by name. */
interface Numbers {
  readonly [name: string]: number | Numbers;
}

/** What all harts did for each virtual machine. */
function sumOfVms(harts: readonly Hart[]): Numbers {
  const each = harts.map(({ account }): Numbers => Object.fromEntries(account.vms.trees()));
  return each.reduce(sum, {});
}

function sum(one: Numbers, other: Numbers): Numbers {
  const entries = Object.entries(other).map(([name, value]): [string, number | Numbers] => {
    const before = one[name];
    if (typeof value === 'number') return [name, (typeof before === 'number' ? before : 0) + value];
    return [name, sum(typeof before === 'object' ? before : {}, value)];
  });
  return { ...one, ...Object.fromEntries(entries) };
}
