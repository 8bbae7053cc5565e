import type { ProbedStep } from '../../hw/hart/index.ts';
import type { SymbolTable } from '../images/symbol-table.ts';
import type { Machine } from '../machine.ts';

/** The steps of a VM exit that a hypervisor announces with `probe("name")`. */
const probedSteps: Readonly<Record<ProbedStep, true>> = {
  dispatch: true,
  handler: true,
  restore: true,
};

/** Lets every hart notice where exit handlers begin a step: at the symbols `probe$step$N`. */
export function markProbes(machine: Machine, symbols: SymbolTable): void {
  for (const { name, address } of symbols.all) {
    const [prefix, step = ''] = name.split('$');
    if (prefix !== 'probe' || !isProbedStep(step)) continue;
    for (const hart of machine.harts) hart.probes.set(Number(address), step);
  }
}

function isProbedStep(step: string): step is ProbedStep {
  return Object.hasOwn(probedSteps, step);
}
