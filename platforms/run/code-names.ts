import type { ModeLabel } from '../../hw/isa/index.ts';
import type { ElfImage } from '../images/elf.ts';

/** What an image says about its code. */
export type Program = Pick<ElfImage, 'symbols' | 'lines'> &
  Partial<Pick<ElfImage, 'name' | 'segments'>>;

/** Names for code addresses: which program runs depends on the mode, so each mode has its names. */
export class CodeNames {
  readonly #programs = new Map<ModeLabel, Program>();

  /** Adds the symbols and source lines of the program that runs in these modes. */
  add(modes: readonly ModeLabel[], program: Program): this {
    for (const mode of modes) this.#programs.set(mode, program);
    return this;
  }

  /** The program that runs in a mode. */
  programIn(mode: ModeLabel): Program | undefined {
    return this.#programs.get(mode);
  }

  /** Writes an address as `<name+offset> file:line`, or as nothing where no symbol is near. */
  describe(mode: ModeLabel, address: bigint): string {
    const program = this.#programs.get(mode);
    const name = program?.symbols.describe(address) ?? '';
    if (program === undefined || name === '') return '';
    const source = program.lines.at(address);
    const symbol = program.symbols.at(address);
    // Assembly has no lines of its own: a line that began before the symbol is the one of the code in front of it.
    if (source === undefined || symbol === undefined || source.address < symbol.address)
      return name;
    return `${name} ${source.file}:${String(source.line)}`;
  }
}
