import type { SymbolName } from '../assembly/code.ts';
import { CompileError } from '../diagnostics/compile-error.ts';

/** Resolves the names that code refers to: whole symbols, or a function's bare name where only one file has it. */
export class SymbolTable {
  readonly #image: string;
  readonly #symbols = new Map<SymbolName, bigint>();
  readonly #byLastPart = new Map<string, SymbolName[]>();

  constructor(image: string) {
    this.#image = image;
  }

  add(name: SymbolName, address: bigint): void {
    if (this.#symbols.has(name))
      throw new CompileError(`image ${this.#image}: symbol ${name} is defined twice`);
    this.#symbols.set(name, address);
    const slash = name.lastIndexOf('/');
    if (slash < 0) return;
    const last = name.slice(slash + 1);
    const known = this.#byLastPart.get(last);
    if (known) known.push(name);
    else this.#byLastPart.set(last, [name]);
  }

  find(name: SymbolName): bigint | undefined {
    const exact = this.#symbols.get(name);
    if (exact !== undefined) return exact;
    const candidates = this.#byLastPart.get(name) ?? [];
    const [first] = candidates;
    if (first === undefined) return undefined;
    if (candidates.length === 1) return this.#symbols.get(first);
    const list = candidates.join(', ');
    throw new CompileError(`image ${this.#image}: symbol ${name} is ambiguous: ${list}`);
  }

  get(name: SymbolName): bigint {
    const address = this.find(name);
    if (address === undefined)
      throw new CompileError(`image ${this.#image}: undefined symbol ${name}`);
    return address;
  }

  /** All symbols that are no local labels, by address and name. */
  visible(): Map<SymbolName, bigint> {
    const entries = [...this.#symbols].filter(([name]) => !name.startsWith('.'));
    entries.sort(([a, at], [b, bt]) => (at < bt ? -1 : at > bt ? 1 : a < b ? -1 : 1));
    return new Map(entries);
  }
}
