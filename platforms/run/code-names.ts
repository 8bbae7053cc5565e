import type { ModeLabel } from '../../hw/isa/index.ts';
import type { SymbolTable } from '../images/symbol-table.ts';

/** Names for code addresses: which program runs depends on the mode, so each mode has its symbols. */
export class CodeNames {
  readonly #tables = new Map<ModeLabel, SymbolTable>();

  /** Adds the symbols of the program that runs in these modes. */
  add(modes: readonly ModeLabel[], symbols: SymbolTable): this {
    for (const mode of modes) this.#tables.set(mode, symbols);
    return this;
  }

  /** Writes an address as `<name+offset>`, or as nothing where no symbol is near. */
  describe(mode: ModeLabel, address: bigint): string {
    return this.#tables.get(mode)?.describe(address) ?? '';
  }
}
