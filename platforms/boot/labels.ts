import type { Mode } from '../../hw/isa/index.ts';
import type { SymbolTable } from '../images/symbol-table.ts';
import type { Machine } from '../machine.ts';

/** Lets every hart tell of the places that software of a mode marked with `probe("name")`: at the symbols `probe$name$N`. */
export function markLabels(machine: Machine, mode: Mode, symbols: SymbolTable): void {
  for (const { name, address } of symbols.all) {
    const [prefix, label = ''] = name.split('$');
    if (prefix !== 'probe') continue;
    for (const hart of machine.harts) hart.labels.add(mode, Number(address), label);
  }
}
