import type { Machine } from '../../platforms/index.ts';

/** The lines of a machine's console with the cycle at which each of them was complete. */
export class ConsoleLines {
  readonly #lines: { readonly text: string; readonly cycle: number }[] = [];
  #open = '';

  constructor(machine: Machine) {
    machine.console$.subscribe(({ byte }) => {
      if (byte !== 0x0a) this.#open += String.fromCharCode(byte);
      else {
        this.#lines.push({ text: this.#open, cycle: machine.cycle });
        this.#open = '';
      }
    });
  }

  /** The first line that a pattern matches. */
  find(pattern: RegExp): { readonly match: RegExpExecArray; readonly cycle: number } | undefined {
    for (const { text, cycle } of this.#lines) {
      const match = pattern.exec(text);
      if (match !== null) return { match, cycle };
    }
    return undefined;
  }
}
