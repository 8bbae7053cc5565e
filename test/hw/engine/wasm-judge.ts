import type { BinaryOp, Expression, Local, UnaryOp, ValueType } from '../../../hw/isa/index.ts';

/** Opcodes of the WebAssembly core specification. */
export const opcodes: Readonly<Record<BinaryOp | UnaryOp, number>> = {
  'i32.eqz': 0x45,
  'i32.eq': 0x46,
  'i32.ne': 0x47,
  'i32.lt_s': 0x48,
  'i32.lt_u': 0x49,
  'i32.gt_s': 0x4a,
  'i32.gt_u': 0x4b,
  'i32.le_s': 0x4c,
  'i32.le_u': 0x4d,
  'i32.ge_s': 0x4e,
  'i32.ge_u': 0x4f,
  'i64.eqz': 0x50,
  'i64.eq': 0x51,
  'i64.ne': 0x52,
  'i64.lt_s': 0x53,
  'i64.lt_u': 0x54,
  'i64.gt_s': 0x55,
  'i64.gt_u': 0x56,
  'i64.le_s': 0x57,
  'i64.le_u': 0x58,
  'i64.ge_s': 0x59,
  'i64.ge_u': 0x5a,
  'i32.clz': 0x67,
  'i32.ctz': 0x68,
  'i32.popcnt': 0x69,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.div_s': 0x6d,
  'i32.div_u': 0x6e,
  'i32.rem_s': 0x6f,
  'i32.rem_u': 0x70,
  'i32.and': 0x71,
  'i32.or': 0x72,
  'i32.xor': 0x73,
  'i32.shl': 0x74,
  'i32.shr_s': 0x75,
  'i32.shr_u': 0x76,
  'i32.rotl': 0x77,
  'i32.rotr': 0x78,
  'i64.clz': 0x79,
  'i64.ctz': 0x7a,
  'i64.popcnt': 0x7b,
  'i64.add': 0x7c,
  'i64.sub': 0x7d,
  'i64.mul': 0x7e,
  'i64.div_s': 0x7f,
  'i64.div_u': 0x80,
  'i64.rem_s': 0x81,
  'i64.rem_u': 0x82,
  'i64.and': 0x83,
  'i64.or': 0x84,
  'i64.xor': 0x85,
  'i64.shl': 0x86,
  'i64.shr_s': 0x87,
  'i64.shr_u': 0x88,
  'i64.rotl': 0x89,
  'i64.rotr': 0x8a,
  'i32.wrap_i64': 0xa7,
  'i64.extend_i32_s': 0xac,
  'i64.extend_i32_u': 0xad,
  'i32.extend8_s': 0xc0,
  'i32.extend16_s': 0xc1,
  'i64.extend8_s': 0xc2,
  'i64.extend16_s': 0xc3,
  'i64.extend32_s': 0xc4,
};

interface WasmGlobal {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object) => {
      readonly exports: Readonly<Record<string, (...values: bigint[]) => bigint>>;
    };
  };
}

const typeCodes: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e };

/** The values that a compiled expression can read, in the order of the function's parameters. */
const parameters = ['rs1', 'rs2', 'immediate', 'pc', 'nextPc'] as const;

/** A signed number in LEB128, as WebAssembly writes constants. */
function signedLeb(value: bigint): number[] {
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  const ends = (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40);
  return ends ? [low] : [low | 0x80, ...signedLeb(rest)];
}

function unsignedLeb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsignedLeb(value >>> 7)];
}

class Emitter {
  readonly locals: ValueType[] = [];
  readonly #indices = new Map<Local, number>();

  expression(node: Expression): number[] {
    switch (node.kind) {
      case 'constant':
        return node.type === 'i32'
          ? [0x41, ...signedLeb(BigInt(node.value))]
          : [0x42, ...signedLeb(BigInt.asIntN(64, node.value))];
      case 'register':
        return this.#parameter(node.operand);
      case 'immediate':
      case 'pc':
      case 'nextPc':
        return this.#parameter(node.kind);
      case 'local':
        return [0x20, ...unsignedLeb(this.#index(node))];
      case 'unary':
        return [...this.expression(node.operand), opcodes[node.op]];
      case 'binary':
        return [...this.expression(node.left), ...this.expression(node.right), opcodes[node.op]];
      case 'select':
        return [
          ...this.expression(node.whenTrue),
          ...this.expression(node.whenFalse),
          ...this.expression(node.condition),
          0x1b,
        ];
      case 'if':
        return [
          ...this.expression(node.condition),
          0x04,
          typeCodes[node.type],
          ...this.expression(node.whenTrue),
          0x05,
          ...this.expression(node.whenFalse),
          0x0b,
        ];
      case 'let':
        return [
          ...this.expression(node.value),
          0x21,
          ...unsignedLeb(this.#index(node.local)),
          ...this.expression(node.body),
        ];
    }
  }

  #parameter(name: (typeof parameters)[number]): number[] {
    return [0x20, parameters.indexOf(name)];
  }

  #index(local: Local): number {
    let index = this.#indices.get(local);
    if (index === undefined) {
      index = parameters.length + this.locals.length;
      this.locals.push(local.type);
      this.#indices.set(local, index);
    }
    return index;
  }
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsignedLeb(content.length), ...content];
}

/** An expression as the host's own WebAssembly engine computes it, which makes it the judge of the oracle. */
export function judge(
  node: Expression,
): (values: Readonly<Partial<Record<(typeof parameters)[number], bigint>>>) => bigint {
  const emitter = new Emitter();
  const code = emitter.expression(node);
  const widened = node.type === 'i32' ? [...code, opcodes['i64.extend_i32_s']] : code;
  const locals = emitter.locals.flatMap((type) => [1, typeCodes[type]]);
  const body = [...unsignedLeb(emitter.locals.length), ...locals, ...widened, 0x0b];
  const { i64 } = typeCodes;
  const types = [1, 0x60, parameters.length, ...parameters.map(() => i64), 1, i64];
  const bytes = [
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x66, 0, 0]),
    ...section(10, [1, ...unsignedLeb(body.length), ...body]),
  ];
  const { WebAssembly } = globalThis as unknown as WasmGlobal;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)));
  const compute = instance.exports['f'];
  if (compute === undefined) throw new Error('the module lacks its function');
  return (values) => BigInt.asUintN(64, compute(...parameters.map((name) => values[name] ?? 0n)));
}
