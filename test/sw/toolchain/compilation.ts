import { generateProgram } from '../../../sw/toolchain/image/program-code.ts';
import { linkImage } from '../../../sw/toolchain/image/link-image.ts';
import { projectRoot } from '../../../sw/toolchain/image/project-root.ts';
import { StaticData } from '../../../sw/toolchain/image/static-data.ts';
import { compileSources } from '../../../sw/toolchain/front/compile-sources.ts';
import { defineImage, type BuiltImage } from '../../../sw/toolchain/index.ts';
import type { FunctionType } from '../../../sw/toolchain/wasm/module.ts';
import { FlatMachine } from './flat-machine.ts';
import { instantiate, type ExportedFunction } from './wasm-engine.ts';

/** Low addresses, so that the same static data fits into a small WebAssembly memory. */
const base = 0x1_0000n;
const dataBase = 0x8_0000n;
const memoryPages = 64;
/** Area that functions of the corpus may read and write; its contents are compared. */
export const scratchArea = 0x20_0000n;
/** Size of that area. */
export const scratchBytes = 4096;

/** One exported function on both engines. */
export interface ComparedFunction {
  readonly name: string;
  readonly type: FunctionType;
  readonly address: bigint;
  readonly reference: ExportedFunction;
}

/** A compiled corpus file: as machine code on a hart, and as WebAssembly on the engine that runs these tests. */
export interface Compilation {
  readonly image: BuiltImage;
  readonly machine: FlatMachine;
  readonly memory: Uint8Array;
  readonly functions: readonly ComparedFunction[];
}

function intrinsics(view: () => DataView): Record<string, (...operands: never[]) => unknown> {
  const at = (address: bigint, offset: number) => Number(address) + offset;
  return {
    mulhu: (a: bigint, b: bigint) => (BigInt.asUintN(64, a) * BigInt.asUintN(64, b)) >> 64n,
    mulh: (a: bigint, b: bigint) => (a * b) >> 64n,
    mulhsu: (a: bigint, b: bigint) => (a * BigInt.asUintN(64, b)) >> 64n,
    ld: (a: bigint, o: number) => view().getBigInt64(at(a, o), true),
    lw: (a: bigint, o: number) => view().getInt32(at(a, o), true),
    lwu: (a: bigint, o: number) => view().getUint32(at(a, o), true),
    lhu: (a: bigint, o: number) => view().getUint16(at(a, o), true),
    lbu: (a: bigint, o: number) => view().getUint8(at(a, o)),
    sd: (a: bigint, v: bigint, o: number) => view().setBigInt64(at(a, o), v, true),
    sw: (a: bigint, v: number, o: number) => view().setInt32(at(a, o), v, true),
    sb: (a: bigint, v: number, o: number) => view().setInt8(at(a, o), v),
    probe: () => undefined,
    amoadd_d: (a: bigint, v: bigint) => {
      const old = view().getBigInt64(Number(a), true);
      view().setBigInt64(Number(a), old + v, true);
      return old;
    },
  };
}

/** Compiles sources for both engines. */
export function compileForBoth(
  sources: readonly string[],
  texts: ReadonlyMap<string, string> = new Map(),
): Compilation {
  const description = defineImage({
    ...{ name: 'corpus', sources, base, dataBase, stack: 8192 },
    entry: 'image_start',
  });
  const compiled = compileSources({ root: projectRoot(), entries: sources, dataBase, texts });
  const data = new StaticData(compiled.data, compiled.dataEnd);
  const code = generateProgram(description, compiled, data);
  const image = linkImage(description, {
    ...{ code, module: compiled.module, data, blobs: new Map<string, Uint8Array>() },
  });
  const machine = new FlatMachine();
  machine.loadElf(image.elf);

  const exported = instantiate(compiled.binary, (memory) => ({ rv: intrinsics(memory) }));
  exported.memory.grow(memoryPages);
  for (const { address, bytes } of data.segments) {
    new Uint8Array(exported.memory.buffer).set(bytes, Number(address));
  }
  const functions: ComparedFunction[] = [];
  for (const f of compiled.module.functions) {
    if (f.kind === 'imported') continue;
    const name = f.name.slice(f.name.lastIndexOf('/') + 1);
    const reference = exported.functions[name];
    if (!reference) continue;
    const address = image.symbols.get(f.name.replace(/^sw\//, ''));
    if (address === undefined) throw new Error(`${f.name} has no symbol`);
    functions.push({
      ...{ name, type: f.type, address },
      reference,
    });
  }
  return { image, machine, memory: new Uint8Array(exported.memory.buffer), functions };
}

/** Calls a function on both engines with equal memory and throws where they differ. */
export function compareCall(
  { image, machine, memory }: Compilation,
  f: ComparedFunction,
  operands: readonly bigint[],
  scratch: Uint8Array,
): number {
  memory.set(scratch, Number(scratchArea));
  machine.write(scratchArea, scratch);
  const typed = f.type.parameters.map((type, k) => {
    const operand = operands[k] ?? 0n;
    return type === 'i32' ? BigInt.asIntN(32, operand) : BigInt.asIntN(64, operand);
  });
  const forReference = typed.map((operand, k) =>
    f.type.parameters[k] === 'i32' ? Number(operand) : operand,
  );
  const raw = f.reference(...forReference) as number | bigint;
  const expected = f.type.result ? BigInt(raw) : undefined;
  const stackTop = image.symbols.get('stack_top') ?? 0n;
  const result = machine.call(f.address, typed, stackTop);
  const what = `${f.name}(${typed.join(', ')})`;
  if (expected !== undefined && result.value !== expected) {
    throw new Error(`${what} is ${result.value}, expected ${expected}`);
  }
  if (result.stackPointer !== stackTop) throw new Error(`${what} leaves sp moved`);
  const after = memory.subarray(Number(scratchArea), Number(scratchArea) + scratchBytes);
  const onMachine = machine.read(scratchArea, scratchBytes);
  const different = onMachine.findIndex((byte, k) => byte !== after[k]);
  if (different >= 0) throw new Error(`${what} leaves byte ${different} different`);
  return result.instructionCount;
}
