import type { Expression } from '../../../hw/isa/index.ts';
import { Code, emitExpression, ModuleWriter } from '../../../hw/wasm/index.ts';

interface WasmGlobal {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
    readonly Instance: new (module: object) => {
      readonly exports: Readonly<Record<string, (...values: bigint[]) => bigint>>;
    };
  };
}

/** The values that a compiled expression can read, in the order of the function's parameters. */
const parameters = ['rs1', 'rs2', 'immediate', 'pc', 'nextPc', 'frs1', 'frs2', 'frs3'] as const;

/** An expression as the host's own WebAssembly engine computes it, which makes it the judge of the oracle. */
export function judge(
  node: Expression,
): (values: Readonly<Partial<Record<(typeof parameters)[number], bigint>>>) => bigint {
  const code = new Code(parameters.map(() => 'i64'));
  const value = (name: (typeof parameters)[number]): void => {
    code.get(parameters.indexOf(name));
  };
  const operands = {
    register: value,
    floatRegister: value,
    immediate: () => {
      value('immediate');
    },
    pc: () => {
      value('pc');
    },
    nextPc: () => {
      value('nextPc');
    },
  };
  emitExpression(code, node, operands, new Map());
  if (node.type === 'i32') code.op('i64.extend_i32_s');
  const module = new ModuleWriter();
  module.addFunction(code, ['i64'], 'f');
  const { WebAssembly } = globalThis as unknown as WasmGlobal;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()));
  const compute = instance.exports['f'];
  if (compute === undefined) throw new Error('the module lacks its function');
  return (values) => BigInt.asUintN(64, compute(...parameters.map((name) => values[name] ?? 0n)));
}
