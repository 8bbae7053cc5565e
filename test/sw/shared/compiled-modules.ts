import { compileSources } from '../../../sw/toolchain/front/compile-sources.ts';
import { inProject } from '../../harness/project-root.ts';
import { instantiate } from '../toolchain/wasm-engine.ts';

/** Static data below, then the area where literals become C strings, then the tests' own. */
const dataBase = 0x1_0000n;
const literalArea = 0x2_0000;
/** First address that tests may use. */
export const testArea = 0x3_0000;
const memoryPages = 16;

/** Compiled modules of sw/, running on this process's own WebAssembly engine. */
export interface CompiledModules {
  readonly memory: Uint8Array;
  /** Calls an exported function; 64-bit results are unsigned. */
  readonly call: (name: string, ...operands: readonly (number | bigint)[]) => bigint;
  /** Size of a class and offsets of its fields. */
  readonly sizeOf: (className: string) => number;
  readonly field: (className: string, field: string, at: number) => bigint;
}

/** Compiles sources of sw/ whose only intrinsic is `cstr`. Operands that are `number` go to 32-bit parameters. */
export function compileModules(entries: readonly string[]): CompiledModules {
  const { binary, data, facts } = compileSources({ root: inProject(), entries, dataBase });
  let literalEnd = literalArea;
  const cstr = (view: DataView, literal: bigint): bigint => {
    const start = literalEnd;
    const length = view.getUint32(Number(literal) - 4, true);
    for (let i = 0; i < length; i += 2) {
      view.setUint8(literalEnd++, view.getUint16(Number(literal) + i, true));
    }
    view.setUint8(literalEnd++, 0);
    return BigInt(start);
  };
  const { memory, functions } = instantiate(binary, (view) => ({
    rv: {
      cstr: (literal: bigint) => {
        literalEnd = literalArea;
        return cstr(view(), literal);
      },
    },
  }));
  memory.grow(memoryPages);
  const bytes = new Uint8Array(memory.buffer);
  for (const segment of data) bytes.set(segment.bytes, Number(segment.address));
  return {
    memory: bytes,
    call: (name, ...operands) => {
      const result = functions[name]?.(...operands);
      if (typeof result === 'bigint') return BigInt.asUintN(64, result);
      return typeof result === 'number' ? BigInt(result >>> 0) : 0n;
    },
    sizeOf: (className) => facts.sizeOf(className),
    field: (className, field, at) =>
      new DataView(memory.buffer).getBigUint64(at + facts.offsetOf(className, field), true),
  };
}

/** Puts a NUL-terminated string into memory. */
export function putString({ memory }: CompiledModules, at: number, text: string): bigint {
  const bytes = new TextEncoder().encode(text);
  memory.set(bytes, at);
  memory[at + bytes.length] = 0;
  return BigInt(at);
}

/** The NUL-terminated string at an address. */
export function stringAt({ memory }: CompiledModules, at: bigint | number): string {
  const start = Number(at);
  return new TextDecoder().decode(memory.subarray(start, memory.indexOf(0, start)));
}
