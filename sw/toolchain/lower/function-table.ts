import type { VirtualRegister } from '../lir/virtual-register.ts';
import type { Lowering } from './lowering.ts';

/** Loads a function's address from the table. */
export function lowerTableEntry(l: Lowering, selector: VirtualRegister): VirtualRegister {
  const offset = l.computeImmediate('slli', selector, 3n);
  const entry = l.compute('add', offset, l.address(l.image.tableSymbol));
  return l.emitValue({ kind: 'load', mnemonic: 'ld', a: entry, immediate: 0n });
}
