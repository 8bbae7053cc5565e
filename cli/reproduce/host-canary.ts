import { createHash } from 'node:crypto';
import type { Machine } from '../../platforms/index.ts';

interface Extent {
  readonly start: number;
  readonly end: number;
}

/** Where an image's symbols are. */
export interface Symbols {
  addressOf(name: string): bigint | undefined;
}

const pageBytes = 4096;
const entryBytes = 8;
/** Of a page-table entry: valid, and the permissions, all 0 where it names another table; `priv 12.4.1`. */
const valid = 0x1n;
const permissions = 0xen;

/** Memory of the host kernel that nobody may change while it runs: its text, its RAM file system, its page table. */
export class HostCanary {
  readonly #machine: Machine;
  readonly #symbols: Symbols;
  #parts: ReadonlyMap<string, { readonly extents: readonly Extent[]; readonly digest: string }> =
    new Map();

  constructor(machine: Machine, symbols: Symbols) {
    this.#machine = machine;
    this.#symbols = symbols;
  }

  /** Takes the memory as it is now for what it has to be; once the kernel runs processes. */
  take(): void {
    const extents: Readonly<Record<string, readonly Extent[]>> = {
      text: [{ start: this.#address('image_start'), end: this.#address('text_end') }],
      files: [{ start: this.#word('initrdStart'), end: this.#word('initrdEnd') }],
      'page table': this.#tablesFrom(this.#word('kernelRoot')),
    };
    this.#parts = new Map(
      Object.entries(extents).map(([name, each]) => {
        return [name, { extents: each, digest: this.#digest(each) }];
      }),
    );
  }

  /** The parts that are no longer what they were. */
  damage(): readonly string[] {
    return [...this.#parts]
      .filter(([, { extents, digest }]) => this.#digest(extents) !== digest)
      .map(([name]) => name);
  }

  #address(name: string): number {
    const address = this.#symbols.addressOf(name);
    if (address === undefined) throw new Error(`the host has no symbol ${name}`);
    return Number(address);
  }

  /** The value of a variable of the kernel. */
  #word(variable: keyof typeof variables): number {
    return Number(this.#read(this.#address(variables[variable])));
  }

  #tablesFrom(table: number): readonly Extent[] {
    const extents = [{ start: table, end: table + pageBytes }];
    for (let at = table; at < table + pageBytes; at += entryBytes) {
      const entry = this.#read(at);
      if ((entry & (valid | permissions)) !== valid) continue;
      extents.push(...this.#tablesFrom(Number((entry >> 10n) << 12n)));
    }
    return extents;
  }

  #digest(extents: readonly Extent[]): string {
    const hash = createHash('sha256');
    const word = new DataView(new ArrayBuffer(entryBytes));
    for (const { start, end } of extents) {
      for (let at = start; at < end; at += entryBytes) {
        word.setBigUint64(0, this.#read(at), true);
        hash.update(new Uint8Array(word.buffer));
      }
    }
    return hash.digest('hex');
  }

  #read(address: number): bigint {
    return this.#machine.bus.read(address, entryBytes) ?? 0n;
  }
}

const variables = {
  kernelRoot: 'host/memory/address-space/kernelRoot',
  initrdStart: 'host/machine/initrdStart',
  initrdEnd: 'host/machine/initrdEnd',
} as const;
