import { DvlabError } from '../source/dvlab-error.ts';
import { readLinePrograms, type LineRow } from './line-program.ts';

/** A place in the source of an image. */
export interface SourceLine {
  /** Where the code of this line begins. */
  readonly address: bigint;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

interface PackedRows {
  readonly addresses: BigUint64Array;
  readonly lines: Uint32Array;
  /** Indices into `names`. */
  readonly files: Uint32Array;
  readonly names: readonly string[];
}

/** Finds the source line of an address; the table is read when it is first asked, and is empty if malformed. */
export class LineTable {
  readonly #section: () => Uint8Array | undefined;
  #rows: PackedRows | undefined;

  /** Takes what finds the `.debug_line` section, undefined if the image has none. */
  constructor(section: () => Uint8Array | undefined) {
    this.#section = section;
  }

  /** The line that an address belongs to, or undefined where no line is known. */
  at(address: bigint): SourceLine | undefined {
    this.#rows ??= pack(this.#read());
    const { addresses, lines, files, names } = this.#rows;
    let low = 0;
    let high = addresses.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((addresses[middle] ?? 0n) <= address) low = middle + 1;
      else high = middle;
    }
    const row = low - 1;
    const line = lines[row] ?? 0;
    if (line === 0) return undefined;
    return { address: addresses[row] ?? 0n, file: names[files[row] ?? 0] ?? '', line };
  }

  #read(): LineRow[] {
    try {
      return readLinePrograms(this.#section() ?? new Uint8Array());
    } catch (error) {
      // Names only help to read a report; a damaged table must not cost the report.
      if (error instanceof DvlabError) return [];
      throw error;
    }
  }
}

/** Sorts rows by address; where one sequence ends and the next one begins, the beginning counts. */
function pack(rows: LineRow[]): PackedRows {
  rows.sort((a, b) => {
    if (a.address !== b.address) return a.address < b.address ? -1 : 1;
    return Number(b.endsSequence) - Number(a.endsSequence);
  });
  const indices = new Map<string, number>();
  const files = Uint32Array.from(rows, ({ file }) => {
    const index = indices.get(file) ?? indices.size;
    indices.set(file, index);
    return index;
  });
  return {
    addresses: BigUint64Array.from(rows, ({ address }) => address),
    lines: Uint32Array.from(rows, ({ line }) => line),
    files,
    names: [...indices.keys()],
  };
}
