import type { Machine } from './machine.ts';

/** Registers what a run is judged by: per hart the cycles by mode and mechanism, instructions and VM exits. */
export function registerStatistics(machine: Machine): void {
  const { statistics, harts } = machine;
  const whole = statistics.group('machine');
  const cycles = { unit: 'cycles', description: 'core cycles since reset' };
  whole.figure('cycles', cycles, () => machine.cycle);
  const instructions = { unit: 'instructions', description: 'instructions retired' };
  whole.figure('instructions', instructions, () => machine.instructionCount);
  for (const hart of harts) {
    const group = statistics.group('hart').group(String(hart.id));
    group.figure('cycles', cycles, () => hart.state.cycle);
    group.figure('instructions', instructions, () => hart.state.instret);
    group.figure('cycle-tree', { unit: 'cycles', description: 'where the cycles went' }, () =>
      hart.account.tree.snapshot(),
    );
    group.figure('exits', { unit: 'cycles', description: 'VM exits by handler and cause' }, () =>
      hart.exits.summaries(),
    );
  }
}
