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

/** The part of Node's interface that switches features of V8. */
interface NodeHost {
  readonly process?: {
    readonly versions?: Readonly<Record<string, string>>;
    readonly getBuiltinModule?: (name: 'node:v8') => { setFlagsFromString(flags: string): void };
  };
}

/** Major versions of V8 that heed branch hints only when they are told to; V8 complains of flags that it does not know. */
const HINTING_BEHIND_FLAG = [11, 12, 13];
let isHintingAsked = false;

/** Asks V8 to heed branch hints, which change nothing but speed. */
function askForHinting(): void {
  isHintingAsked = true;
  const { process } = globalThis as unknown as NodeHost;
  const version = Number.parseInt(process?.versions?.['v8'] ?? '');
  if (!HINTING_BEHIND_FLAG.includes(version)) return;
  process?.getBuiltinModule?.('node:v8').setFlagsFromString('--experimental-wasm-branch-hinting');
}

function host(): WasmHost['WebAssembly'] {
  return (globalThis as unknown as WasmHost).WebAssembly;
}

/** A compiled module, which may be given imports many times. */
export type WasmModule = object;

/** Compiles a module. */
export function compile(bytes: Uint8Array<ArrayBuffer>): WasmModule {
  if (!isHintingAsked) askForHinting();
  const { Module } = host();
  return new Module(bytes);
}

/** Hands a module its imports, and yields what it exports. */
export function instantiate(
  module: WasmModule,
  imports: WasmImports,
): Readonly<Record<string, WasmFunction>> {
  const { Instance } = host();
  return new Instance(module, { [IMPORT_MODULE]: imports }).exports;
}

/** Makes a table of functions. */
export function functionTable(initial: number): WasmTable {
  const { Table } = host();
  return new Table({ element: 'anyfunc', initial });
}
