import { IMPORT_MODULE } from './module.ts';

/** A function that a module exports or imports; every parameter and result is a 32-bit integer. */
export type WasmFunction = (...values: number[]) => number;

/** A table of functions. */
export interface WasmTable {
  readonly length: number;
  get(index: number): WasmFunction | null;
  set(index: number, value: WasmFunction | null): void;
  grow(delta: number): number;
}

/** What a module imports, by name. */
export type WasmImports = Readonly<Record<string, unknown>>;

/** The part of the JavaScript WebAssembly interface that engines need. */
interface WasmHost {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
    readonly Instance: new (
      module: object,
      imports: Readonly<Record<string, WasmImports>>,
    ) => { readonly exports: Readonly<Record<string, WasmFunction>> };
    readonly Table: new (description: { element: 'anyfunc'; initial: number }) => WasmTable;
  };
}

function host(): WasmHost['WebAssembly'] {
  return (globalThis as unknown as WasmHost).WebAssembly;
}

/** Compiles a module, hands it its imports, and yields what it exports. */
export function instantiate(
  bytes: Uint8Array<ArrayBuffer>,
  imports: WasmImports,
): Readonly<Record<string, WasmFunction>> {
  const { Module, Instance } = host();
  return new Instance(new Module(bytes), { [IMPORT_MODULE]: imports }).exports;
}

/** Makes a table of functions. */
export function functionTable(initial: number): WasmTable {
  const { Table } = host();
  return new Table({ element: 'anyfunc', initial });
}
