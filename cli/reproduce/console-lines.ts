import type { Machine } from '../../platforms/index.ts';

/** The lines of a machine's console with the cycle at which each of them was complete. */
export class ConsoleLines {
  readonly #lines: { readonly text: string; readonly cycle: number }[] = [];
  #open = '';

  /** `onLine` is told of a line before whoever wrote it goes on. */
  constructor(machine: Machine, onLine: (text: string) => void = () => undefined) {
    machine.console$.subscribe(({ byte }) => {
      if (byte !== 0x0a) this.#open += String.fromCharCode(byte);
      else {
        const text = this.#open;
        this.#open = '';
        this.#lines.push({ text, cycle: machine.cycle });
        onLine(text);
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
