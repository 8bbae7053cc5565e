import v8 from 'node:v8';

/** A function that a WebAssembly instance exports: i32 is a number, i64 a bigint. */
export type ExportedFunction = (...operands: (number | bigint)[]) => unknown;

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The part of the JavaScript interface of WebAssembly that is used here; the compiler's library has no types for it. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

/** What an instance exports. */
export interface Exported {
  readonly memory: Memory;
  readonly functions: Readonly<Record<string, ExportedFunction | undefined>>;
}

/** Instantiates a module with 64-bit memory; the imports get a view of the memory as it is when they are called. */
export function instantiate(
  bytes: Uint8Array,
  importsOf: (memory: () => DataView) => object,
): Exported {
  v8.setFlagsFromString('--experimental-wasm-memory64');
  const engine = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
  const memoryOf = (): Memory => instance.exports['memory'] as Memory;
  const imports = importsOf(() => new DataView(memoryOf().buffer));
  const instance = new engine.Instance(new engine.Module(bytes), imports);
  const functions = Object.entries(instance.exports).filter(
    ([, value]) => typeof value === 'function',
  );
  return {
    memory: memoryOf(),
    functions: Object.fromEntries(functions) as Record<string, ExportedFunction>,
  };
}
