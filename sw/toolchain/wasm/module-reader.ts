import { CompileError } from '../diagnostics/compile-error.ts';
import { ByteReader } from './byte-reader.ts';
import { readFunctionBody } from './function-reader.ts';
import { readValueType, type ModuleHeader } from './module-header.ts';
import type {
  DefinedFunction,
  FunctionType,
  ImportedFunction,
  WasmGlobal,
  WasmModule,
} from './module.ts';
import { countUpTo, SourceMap } from './source-map.ts';

const Section = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  element: 9,
  start: 8,
  code: 10,
} as const;

function readType(reader: ByteReader): FunctionType | undefined {
  if (reader.byte() !== 0x60) throw new CompileError('WebAssembly type is not a function type');
  const parameters = reader.vector(() => readValueType(reader));
  const results = reader.vector(() => readValueType(reader));
  const known = parameters.filter((type) => type !== undefined);
  if (known.length !== parameters.length || results.includes(undefined)) return undefined;
  if (results.length > 1) return undefined;
  return { parameters: known, result: results[0] };
}

function skipLimits(reader: ByteReader): void {
  const flags = reader.byte();
  reader.unsigned64();
  if (flags & 1) reader.unsigned64();
}

function readConstant(reader: ByteReader): bigint {
  const opcode = reader.byte();
  const value =
    opcode === 0x41 ? reader.signed(32) : opcode === 0x42 ? reader.signed(64) : undefined;
  if (value === undefined || reader.byte() !== 0x0b) {
    throw new CompileError('a global or table offset is not an integer constant');
  }
  return value;
}

function readNames(reader: ByteReader): Map<string, Map<number, string>> {
  const names = new Map<string, Map<number, string>>();
  while (!reader.atEnd) {
    const kind = reader.byte();
    const end = reader.unsigned() + reader.position;
    const wanted = kind === 1 ? 'function' : kind === 7 ? 'global' : undefined;
    if (wanted) {
      const pairs = reader.vector(() => [reader.unsigned(), reader.name()] as const);
      names.set(wanted, new Map(pairs));
    }
    reader.position = end;
  }
  return names;
}

/** Reads a WebAssembly binary with names, and its source map. */
export function readModule(bytes: Uint8Array, sourceMapText: string): WasmModule {
  const sections = new Map<number | string, ByteReader>();
  for (const reader = new ByteReader(bytes, 8); !reader.atEnd;) {
    const id = reader.byte();
    const size = reader.unsigned();
    const section = new ByteReader(bytes, reader.position, reader.position + size);
    sections.set(id === Section.custom ? section.name() : id, section);
    reader.position += size;
  }
  const read = <T>(id: number, item: (reader: ByteReader) => T): T[] => {
    const reader = sections.get(id);
    return reader ? reader.vector(() => item(reader)) : [];
  };
  const nameSection = sections.get('name');
  const names = nameSection ? readNames(nameSection) : new Map<string, Map<number, string>>();
  const map = new SourceMap(sourceMapText);
  // A mapping holds until the next one, but not into the next function.
  const bodyStarts: number[] = [];
  const locationAt = (offset: number) => {
    const index = countUpTo(bodyStarts.length, (k) => (bodyStarts[k] ?? 0) <= offset);
    return map.locationAt(offset, bodyStarts[index - 1] ?? 0);
  };

  const types = read(Section.type, readType);
  const imports: ImportedFunction[] = [];
  read(Section.import, (reader) => {
    const module = reader.name();
    const name = reader.name();
    if (reader.byte() !== 0) throw new CompileError(`import ${module}.${name} is not a function`);
    const type = types[reader.unsigned()];
    if (!type)
      throw new CompileError(`import ${module}.${name} has a parameter that is no integer`);
    imports.push({ kind: 'imported', module, name, type });
  });
  const signatures = read(Section.function, (reader) => reader.unsigned());
  const globals = read(Section.global, (reader): Omit<WasmGlobal, 'name'> => {
    const type = readValueType(reader);
    if (!type) throw new CompileError('a global variable is not an integer');
    return { type, isMutable: reader.byte() === 1, value: readConstant(reader) };
  }).map((global, index): WasmGlobal => {
    return { ...global, name: names.get('global')?.get(index) ?? `global${index}` };
  });
  const table: (number | undefined)[] = [];
  read(Section.element, (reader) => {
    if (reader.unsigned() !== 0) throw new CompileError('table segment is not a plain one');
    let at = Number(readConstant(reader));
    for (const index of reader.vector(() => reader.unsigned())) table[at++] = index;
  });
  const memory = sections.get(Section.memory);
  if (memory) memory.vector(() => skipLimits(memory));
  const start = sections.get(Section.start)?.unsigned();

  const globalTypes = globals.map(({ type }) => type);
  const header: ModuleHeader = { types, imports, signatures, globalTypes };
  let index = imports.length;
  const defined = read(Section.code, (reader): DefinedFunction => {
    const size = reader.unsigned();
    const body = new ByteReader(bytes, reader.position, reader.position + size);
    reader.position += size;
    bodyStarts.push(body.position);
    const name = names.get('function')?.get(index) ?? `function${index}`;
    const type = types[signatures[index - imports.length] ?? -1];
    index += 1;
    const location = locationAt(body.position) ?? locationAt(body.end - 1);
    if (!type)
      throw new CompileError(`function ${name} has a parameter that is no integer`, location);
    return readFunctionBody({ reader: body, header, name, type, locationAt });
  });
  return { functions: [...imports, ...defined], globals, table, start, locationAt };
}
