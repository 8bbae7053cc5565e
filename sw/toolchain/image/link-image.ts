import { CodeBuilder } from '../assembly/code-builder.ts';
import type { CompiledSources } from '../front/compile-sources.ts';
import { writeElf, type ElfSection, type ElfSegment, type ElfSymbol } from '../link/elf.ts';
import { alignUp, layOutCode, type CodeLayout, type FunctionRange } from '../link/layout.ts';
import { writeCode } from '../link/write-code.ts';
import { writeDebugSections } from '../link/dwarf.ts';
import type { BuiltImage } from './built-image.ts';
import { dataBaseOf, type ImageDescription } from './image-description.ts';
import type { ProgramCode } from './program-code.ts';
import { splitAtZeros } from './sparse-segments.ts';
import type { StaticData } from './static-data.ts';
import { SymbolTable } from './symbol-table.ts';
import { CompileError } from '../diagnostics/compile-error.ts';

const pageSize = 4096n;
const stackAlignment = 16n;

interface Piece {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

/** Everything that has an address in one image. */
interface Program {
  readonly code: ProgramCode;
  readonly module: CompiledSources['module'];
  readonly data: StaticData;
  readonly blobs: ReadonlyMap<string, Uint8Array>;
}

function hex(address: bigint): string {
  return `0x${address.toString(16)}`;
}

/** Mutable globals of the sources, one 64-bit word each. */
function globalWords(module: CompiledSources['module']): CodeBuilder {
  const words = new CodeBuilder('G');
  words.align(8);
  for (const { name, isMutable, value } of module.globals) {
    if (!isMutable) continue;
    words.label(name.replace(/^sw\//, ''));
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, BigInt.asIntN(64, value), true);
    words.bytes(bytes);
  }
  return words;
}

/** Gives every part its address and writes the executable. */
export function linkImage(description: ImageDescription, program: Program): BuiltImage {
  return new Linker(description, program).link();
}

class Linker {
  readonly #description: ImageDescription;
  readonly #program: Program;
  readonly #symbols: SymbolTable;
  readonly #pieces: Piece[] = [];

  constructor(description: ImageDescription, program: Program) {
    this.#description = description;
    this.#program = program;
    this.#symbols = new SymbolTable(description.name);
  }

  link(): BuiltImage {
    const { base, name } = this.#description;
    const dataBase = dataBaseOf(this.#description);
    const { code, readOnly } = this.#program.code;

    const noOthers = () => undefined;
    const codeLayout = layOutCode(code.items, base, noOthers);
    const codeEnd = base + BigInt(codeLayout.size);
    const readOnlyBase = alignUp(codeEnd, 8n);
    const readOnlyLayout = layOutCode(readOnly.items, readOnlyBase, noOthers);
    const textEnd = readOnlyBase + BigInt(readOnlyLayout.size);
    if (textEnd > dataBase) {
      throw new CompileError(
        `image ${name}: code ends at ${hex(textEnd)}, behind dataBase ${hex(dataBase)}`,
      );
    }
    this.#addAll(codeLayout);
    this.#addAll(readOnlyLayout);

    const dataEnd = this.#placeData();
    const zeroEnd = this.#placeZeroed(dataEnd);
    this.#symbols.add('image_start', base);
    this.#symbols.add('text_end', textEnd);
    this.#symbols.add('data_start', dataBase);
    this.#symbols.add('data_end', dataEnd);
    this.#symbols.add('bss_start', dataEnd);
    this.#symbols.add('bss_end', zeroEnd);
    this.#symbols.add('image_end', alignUp(zeroEnd, pageSize));

    const addressOf = (symbol: string) => this.#symbols.get(symbol);
    const text = new Uint8Array(Number(textEnd - base));
    text.set(writeCode(code.items, base, codeLayout, addressOf));
    const readOnlyBytes = writeCode(readOnly.items, readOnlyBase, readOnlyLayout, addressOf);
    text.set(readOnlyBytes, Number(readOnlyBase - base));
    const entry = addressOf(this.#description.entry);
    const symbols = this.#symbols.visible();
    const { functions, lines } = codeLayout;
    const dataSegments = this.#dataSegments(dataBase, dataEnd, zeroEnd);
    const elf = writeElf({
      entry,
      segments: [this.#textSegment(text), ...dataSegments],
      sections: this.#sections(text, dataSegments, codeLayout),
      symbols: elfSymbols(symbols, functions),
    });
    const sizes = {
      code: codeLayout.size,
      readOnlyData: readOnlyLayout.size,
      data: Number(dataEnd - dataBase),
      zeroed: Number(zeroEnd - dataEnd),
    };
    return { name, elf, entry, symbols, functions, lines, sizes };
  }

  #addAll(layout: CodeLayout): void {
    for (const [name, address] of layout.labels) this.#symbols.add(name, address);
  }

  /** Static data of the sources, then their global variables, then blobs on pages of their own. */
  #placeData(): bigint {
    const { data, module, blobs } = this.#program;
    this.#pieces.push(...data.segments);
    let end = data.end;
    const globals = globalWords(module);
    const globalBase = alignUp(end, 8n);
    const layout = layOutCode(globals.items, globalBase, () => undefined);
    this.#addAll(layout);
    const bytes = writeCode(globals.items, globalBase, layout, (name) => this.#symbols.get(name));
    this.#pieces.push({ address: globalBase, bytes });
    end = globalBase + BigInt(bytes.length);
    for (const [name, content] of blobs) {
      const address = alignUp(end, pageSize);
      this.#pieces.push({ address, bytes: content });
      end = address + BigInt(content.length);
      this.#symbols.add(`${name}_start`, address);
      this.#symbols.add(`${name}_end`, end);
    }
    return alignUp(end, 8n);
  }

  /** Areas, then the stack; none of them takes room in the file. */
  #placeZeroed(dataEnd: bigint): bigint {
    const { areas = {}, stack } = this.#description;
    let end = dataEnd;
    for (const [name, bytes] of Object.entries(areas)) {
      const address = alignUp(end, pageSize);
      end = address + BigInt(bytes);
      this.#symbols.add(name, address);
      this.#symbols.add(`${name}_end`, end);
    }
    if (stack === undefined) return end;
    const bottom = alignUp(end, stackAlignment);
    end = bottom + alignUp(BigInt(stack), stackAlignment);
    this.#symbols.add('stack', bottom);
    this.#symbols.add('stack_top', end);
    return end;
  }

  #textSegment(bytes: Uint8Array): ElfSegment {
    const memorySize = BigInt(bytes.length);
    const address = this.#description.base;
    return { address, bytes, memorySize, isWritable: false, isExecutable: true };
  }

  #dataSegments(dataBase: bigint, dataEnd: bigint, zeroEnd: bigint): ElfSegment[] {
    const bytes = new Uint8Array(Number(dataEnd - dataBase));
    for (const piece of this.#pieces) bytes.set(piece.bytes, Number(piece.address - dataBase));
    if (zeroEnd === dataBase) return [];
    return splitAtZeros(dataBase, bytes, zeroEnd);
  }

  #sections(
    text: Uint8Array,
    data: readonly ElfSegment[],
    { functions, lines, size }: CodeLayout,
  ): ElfSection[] {
    const { base, name } = this.#description;
    const end = base + BigInt(size);
    const debug = writeDebugSections({ name, start: base, end, functions, lines });
    return [
      { name: '.text', kind: 'code', address: base, size: BigInt(text.length) },
      ...data.flatMap(dataSections),
      ...debug.map(({ name: section, bytes }): ElfSection => {
        return { name: section, kind: 'debug', address: 0n, size: BigInt(bytes.length), bytes };
      }),
    ];
  }
}

/** A data segment as the part that lies in the file and the zeros behind it. */
function dataSections({ address, bytes, memorySize }: ElfSegment): ElfSection[] {
  const fileEnd = address + BigInt(bytes.length);
  return [
    { name: '.data', kind: 'data', address, size: BigInt(bytes.length) },
    { name: '.bss', kind: 'zero', address: fileEnd, size: address + memorySize - fileEnd },
  ];
}

function elfSymbols(
  symbols: ReadonlyMap<string, bigint>,
  functions: readonly FunctionRange[],
): ElfSymbol[] {
  const sizes = new Map(functions.map(({ name, size }) => [name, size]));
  return [...symbols].map(([name, address]) => ({
    name,
    address,
    size: BigInt(sizes.get(name) ?? 0),
    isFunction: sizes.has(name),
  }));
}
