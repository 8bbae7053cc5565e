import { ByteWriter } from './byte-writer.ts';
import type { Code } from './code.ts';
import { typeCodes, type WasmType } from './opcodes.ts';

/** Parameters and results of a function. */
export interface Signature {
  readonly parameters: readonly WasmType[];
  readonly results: readonly WasmType[];
}

const Section = { custom: 0, type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const External = { function: 0, table: 1, memory: 2 } as const;
const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const FUNCTION_TYPE = 0x60;
const FUNCTION_REFERENCE = 0x70;
const FIXED_SIZE = 1;
const FROM_MINIMUM = 0;
/** The custom section of the branch hinting proposal; engines that do not know it skip it. */
const BRANCH_HINTS = 'metadata.code.branch_hint';
const HINT_BYTES = 1;

/** The module from which everything is imported. */
export const IMPORT_MODULE = 'host';

/** A WebAssembly module in the making: one imported memory, imported functions and perhaps a table, functions of its own. */
export class ModuleWriter {
  readonly #types: Signature[] = [];
  readonly #imports = new ByteWriter();
  #importCount = 0;
  #importedFunctionCount = 0;
  readonly #functions: { readonly type: number; readonly code: Code }[] = [];
  readonly #exports: { readonly name: string; readonly index: number }[] = [];

  /** The number of a type, which is added when it is new. */
  type(signature: Signature): number {
    const key = JSON.stringify(signature);
    const known = this.#types.findIndex((type) => JSON.stringify(type) === key);
    return known >= 0 ? known : this.#types.push(signature) - 1;
  }

  /** Imports memory 0, of exactly this many pages. */
  importMemory(name: string, pages: number): void {
    this.#import(name, External.memory);
    this.#imports.byte(FIXED_SIZE);
    this.#imports.unsigned(pages);
    this.#imports.unsigned(pages);
  }

  /** Imports table 0, which holds functions. */
  importTable(name: string): void {
    this.#import(name, External.table);
    this.#imports.byte(FUNCTION_REFERENCE);
    this.#imports.byte(FROM_MINIMUM);
    this.#imports.unsigned(1);
  }

  /** Imports a function and yields its number; all imports come before the first function of the module's own. */
  importFunction(name: string, signature: Signature): number {
    if (this.#functions.length > 0) throw new Error('imported functions come first');
    this.#import(name, External.function);
    this.#imports.unsigned(this.type(signature));
    return this.#importedFunctionCount++;
  }

  /** Adds a function and yields its number. */
  addFunction(code: Code, results: readonly WasmType[], exportedAs?: string): number {
    const type = this.type({ parameters: code.parameters, results });
    const index = this.#importedFunctionCount + this.#functions.push({ type, code }) - 1;
    if (exportedAs !== undefined) this.#exports.push({ name: exportedAs, index });
    return index;
  }

  /** The binary form. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const out = new ByteWriter();
    out.append(HEADER);
    section(out, Section.type, this.#types.length, (body) => {
      for (const { parameters, results } of this.#types) {
        body.byte(FUNCTION_TYPE);
        for (const types of [parameters, results]) {
          body.unsigned(types.length);
          for (const type of types) body.byte(typeCodes[type]);
        }
      }
    });
    section(out, Section.import, this.#importCount, (body) => {
      body.append(this.#imports.toBytes());
    });
    section(out, Section.function, this.#functions.length, (body) => {
      for (const { type } of this.#functions) body.unsigned(type);
    });
    section(out, Section.export, this.#exports.length, (body) => {
      for (const { name, index } of this.#exports) {
        body.name(name);
        body.byte(External.function);
        body.unsigned(index);
      }
    });
    this.#writeBranchHints(out);
    section(out, Section.code, this.#functions.length, (body) => {
      for (const { code } of this.#functions) {
        const bytes = code.toBytes();
        body.unsigned(bytes.length);
        body.append(bytes);
      }
    });
    return out.toBytes();
  }

  #writeBranchHints(out: ByteWriter): void {
    const hinted = this.#functions
      .map(({ code }, index) => ({
        index: this.#importedFunctionCount + index,
        hints: code.branchHints(),
      }))
      .filter(({ hints }) => hints.length > 0);
    if (hinted.length === 0) return;
    const body = new ByteWriter();
    body.name(BRANCH_HINTS);
    body.unsigned(hinted.length);
    for (const { index, hints } of hinted) {
      body.unsigned(index);
      body.unsigned(hints.length);
      for (const { offset, isLikely } of hints) {
        body.unsigned(offset);
        body.unsigned(HINT_BYTES);
        body.byte(isLikely ? 1 : 0);
      }
    }
    out.byte(Section.custom);
    out.unsigned(body.length);
    out.append(body.toBytes());
  }

  #import(name: string, kind: number): void {
    this.#importCount += 1;
    this.#imports.name(IMPORT_MODULE);
    this.#imports.name(name);
    this.#imports.byte(kind);
  }
}

function section(
  out: ByteWriter,
  id: number,
  count: number,
  write: (body: ByteWriter) => void,
): void {
  if (count === 0) return;
  const body = new ByteWriter();
  body.unsigned(count);
  write(body);
  const bytes = body.toBytes();
  out.byte(id);
  out.unsigned(bytes.length);
  out.append(bytes);
}
