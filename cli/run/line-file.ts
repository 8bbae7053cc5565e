import { closeSync, openSync, writeSync } from 'node:fs';
import { cannotWrite } from '../write-file.ts';

/** Lines collected before they are written; one call per line would dominate a run. */
const chunk = 4096;

/** A text file that grows line by line. */
export class LineFile {
  readonly #file: number;
  #lines: string[] = [];

  constructor(path: string) {
    try {
      this.#file = openSync(path, 'w');
    } catch (error) {
      throw cannotWrite(path, error);
    }
  }

  /** Adds a line. */
  add(line: string): void {
    this.#lines.push(`${line}\n`);
    if (this.#lines.length >= chunk) this.#flush();
  }

  /** Writes what is left. */
  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#lines.join(''));
    this.#lines = [];
  }
}
