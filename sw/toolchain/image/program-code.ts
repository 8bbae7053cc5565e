import { assembleFunction } from '../assembly/assemble.ts';
import { CodeBuilder } from '../assembly/code-builder.ts';
import type { SymbolName } from '../assembly/code.ts';
import { CompileError } from '../diagnostics/compile-error.ts';
import { generateCode, type EmittedTable } from '../emit/index.ts';
import { absentRuntimeModule } from '../front/absent-runtime.ts';
import type { CompiledSources } from '../front/compile-sources.ts';
import { lowerFunction } from '../lower/function.ts';
import type { ImageContext } from '../lower/lowering.ts';
import { runtimeRoutines } from '../runtime/bit-count.ts';
import type { DefinedFunction, ImportedFunction } from '../wasm/module.ts';
import type { ImageDescription } from './image-description.ts';
import type { StaticData } from './static-data.ts';

const functionTable = 'function_table';

/** Symbols of sources are paths below `sw/`: `duvisor/vcpu/run`. */
function symbolOf(f: DefinedFunction | ImportedFunction): SymbolName {
  return f.kind === 'imported' ? f.name : f.name.replace(/^sw\//, '');
}

/** Code and read-only data of an image as two streams. */
export interface ProgramCode {
  readonly code: CodeBuilder;
  readonly readOnly: CodeBuilder;
}

/** Generates the machine code of an image: assembly functions first, then the compiled ones. */
export function generateProgram(
  description: ImageDescription,
  compiled: CompiledSources,
  data: StaticData,
): ProgramCode {
  return new ProgramGenerator(description, compiled, data).generate();
}

class ProgramGenerator {
  readonly #description: ImageDescription;
  readonly #compiled: CompiledSources;
  readonly #code = new CodeBuilder();
  readonly #readOnly = new CodeBuilder('R');
  readonly #texts = new Map<string, SymbolName>();
  readonly #tables: EmittedTable[] = [];
  readonly #context: ImageContext;

  constructor(description: ImageDescription, compiled: CompiledSources, data: StaticData) {
    this.#description = description;
    this.#compiled = compiled;
    const { module } = compiled;
    this.#context = {
      module,
      functionSymbol: (index) => this.#functionSymbol(index),
      problemWith: (index) => this.#problemWith(index),
      globalSymbol: (index) => module.globals[index]?.name.replace(/^sw\//, '') ?? `global${index}`,
      stringAt: data.stringAt,
      textSymbol: (text) => this.#textSymbol(text),
      functionIndexAt: data.wordAt,
      tableSymbol: functionTable,
    };
  }

  generate(): ProgramCode {
    const { module, facts } = this.#compiled;
    for (const assembly of this.#description.assembly ?? []) {
      assembleFunction(assembly, this.#code, facts);
    }
    this.#checkStart();
    for (const f of module.functions) {
      if (f.kind === 'imported') continue;
      const lowered = lowerFunction(this.#context, f, symbolOf(f));
      this.#tables.push(...generateCode(lowered, this.#code));
    }
    this.#addRuntime();
    this.#writeTables();
    this.#writeTexts();
    return { code: this.#code, readOnly: this.#readOnly };
  }

  #functionSymbol(index: number): SymbolName {
    const f = this.#compiled.module.functions[index];
    if (!f) throw new Error(`function ${index} does not exist`);
    return symbolOf(f);
  }

  #problemWith(index: number): string | undefined {
    const f = this.#compiled.module.functions[index];
    const isAbsent = f?.kind === 'imported' && [absentRuntimeModule, 'env'].includes(f.module);
    if (!isAbsent) return undefined;
    return `needs the garbage-collected runtime (${f.name}), which images do not have`;
  }

  /** Top-level code would need a call before everything else; initialisers have to be constants instead. */
  #checkStart(): void {
    const { module } = this.#compiled;
    if (module.start === undefined) return;
    const start = module.functions[module.start];
    const first = start?.kind === 'defined' ? start.body[0] : undefined;
    const location = first ? module.locationAt(first.at) : undefined;
    throw new CompileError(
      'initialiser of a global variable is not a compile-time constant',
      location,
    );
  }

  #textSymbol(text: string): SymbolName {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const symbol = `.text${this.#texts.size}`;
    this.#texts.set(text, symbol);
    return symbol;
  }

  #addRuntime(): void {
    const called = new Set<SymbolName>();
    for (const item of this.#code.items) if (item.kind === 'jump') called.add(item.target);
    for (const routine of runtimeRoutines) {
      if (called.has(routine.name)) assembleFunction(routine, this.#code, this.#compiled.facts);
    }
  }

  #writeTables(): void {
    const { table } = this.#compiled.module;
    this.#readOnly.align(8);
    for (const { symbol, targets } of this.#tables) {
      this.#readOnly.label(symbol);
      for (const target of targets) this.#readOnly.symbolWord(target);
    }
    for (const [value, symbol] of this.#code.pool) {
      this.#readOnly.label(symbol);
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setBigInt64(0, value, true);
      this.#readOnly.bytes(bytes);
    }
    this.#readOnly.label(functionTable);
    for (const index of table) {
      if (index === undefined) this.#readOnly.bytes(new Uint8Array(8));
      else this.#readOnly.symbolWord(this.#functionSymbol(index));
    }
  }

  #writeTexts(): void {
    const encoder = new TextEncoder();
    for (const [text, symbol] of this.#texts) {
      this.#readOnly.label(symbol);
      this.#readOnly.bytes(encoder.encode(`${text}\0`));
    }
  }
}
