import type { Mode } from '../isa/index.ts';

/** Places of software that have a name: at an instruction's virtual address, in one mode. */
export class Labels {
  readonly #names = new Map<Mode, Map<number, string>>();

  /** Names a place. */
  add(mode: Mode, address: number, name: string): void {
    let names = this.#names.get(mode);
    if (names === undefined) {
      names = new Map();
      this.#names.set(mode, names);
    }
    names.set(address, name);
  }

  /** The name of a place, if it has one. */
  at(mode: Mode, address: number): string | undefined {
    return this.#names.get(mode)?.get(address);
  }

  /** The places of a mode. */
  in(mode: Mode): Iterable<number> {
    return this.#names.get(mode)?.keys() ?? [];
  }
}
