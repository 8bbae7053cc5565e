import type { SymbolTable } from '../images/symbol-table.ts';
import type { Machine } from '../machine.ts';
/** Lets every hart notice where exit handlers begin a step: at the symbols `probe$step$N`. */
export declare function markProbes(machine: Machine, symbols: SymbolTable): void;
//# sourceMappingURL=probes.d.ts.map
