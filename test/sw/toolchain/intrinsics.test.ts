import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { decode, everyExtension } from '../../../hw/isa/index.ts';
import { projectRoot } from '../../../sw/toolchain/image/project-root.ts';
import { buildImage, defineImage, type BuiltImage } from '../../../sw/toolchain/index.ts';

const selection = everyExtension();

interface Intrinsic {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  readonly result: string;
}

/** The functions that `sw/shared/rv.ts` declares. */
function declaredIntrinsics(): Intrinsic[] {
  const text = readFileSync(join(projectRoot(), 'sw/shared/rv.ts'), 'utf8');
  const pattern = /export declare function (\w+)\(([^)]*)\): (\w+);/g;
  return [...text.matchAll(pattern)].map(([, name = '', list = '', result = '']) => ({
    name,
    parameters: list
      .split(',')
      .map((parameter) => parameter.trim())
      .filter((parameter) => parameter !== '')
      .map((parameter) => {
        const [parameterName = '', type = ''] = parameter.split(': ');
        return { name: parameterName, type };
      }),
    result,
  }));
}

const constants: Readonly<Record<string, string>> = {
  ...{ csr: '0x100', predecessor: '3', successor: '12', offset: '8' },
};

/** A function that calls one intrinsic with its own parameters, and constants where they are demanded. */
function callerOf({ name, parameters, result }: Intrinsic): string {
  const isConstant = (p: { readonly name: string; readonly type: string }) =>
    constants[p.name] !== undefined || p.type === 'string';
  const operands = parameters.map((p) =>
    p.type === 'string' ? "'main'" : (constants[p.name] ?? p.name),
  );
  const own = parameters.filter((p) => !isConstant(p)).map((p) => `${p.name}: ${p.type}`);
  const before = name === 'ecall_value' ? 'rv.ecall0(1); ' : '';
  const leave = result === 'void' ? '' : 'return ';
  return `export function call_${name}(${own.join(', ')}): ${result} { ${before}${leave}rv.${name}(${operands.join(', ')}); }`;
}

const intrinsics = declaredIntrinsics();

async function build(lines: readonly string[]): Promise<BuiltImage> {
  const head = "import * as rv from './sw/shared/rv';\nexport function main(): void {}";
  const texts = new Map([['all.ts', [head, ...lines].join('\n')]]);
  const description = { name: 'all', sources: ['all.ts'], entry: 'main', base: 0x1_0000n };
  return buildImage(defineImage(description), { texts });
}

/** Names of the instructions that a function consists of. */
function instructionsOf({ elf, functions }: BuiltImage, name: string): string[] {
  const f = functions.find((range) => range.name === `all/${name}`);
  if (!f) throw new Error(`${name} is missing`);
  const view = new DataView(elf.buffer, elf.byteOffset);
  const offset = Number(view.getBigUint64(64 + 8, true));
  const address = view.getBigUint64(64 + 16, true);
  const start = offset + Number(f.address - address);
  return Array.from({ length: f.size / 4 }, (_, k) => {
    const word = view.getUint32(start + k * 4, true);
    return decode(word, selection)?.instruction.name ?? 'illegal';
  });
}

const plainNames: Readonly<Record<string, string>> = {
  ...{ csrr: 'csrrs', csrw: 'csrrw', csrs: 'csrrs', csrc: 'csrrc' },
  ...{ cstr: 'auipc', sym_addr: 'auipc', function_address: 'ld', ecall_value: 'ecall' },
  ...{ tp: 'addi', set_tp: 'addi', sp: 'addi', probe: 'jalr' },
};

function expectedInstruction(name: string): string {
  if (/ecall\d$/.test(name)) return 'ecall';
  return plainNames[name] ?? name.replace(/_all$/, '').replaceAll('_', '.');
}

test('every intrinsic is the instruction of its name', async (t) => {
  t.true(intrinsics.length > 100);
  const image = await build(intrinsics.map(callerOf));
  for (const { name } of intrinsics) {
    const expected = expectedInstruction(name);
    t.true(instructionsOf(image, `call_${name}`).includes(expected), `${name}: ${expected}`);
  }
});

test('device accesses are neither merged nor dropped nor reordered', async (t) => {
  const image = await build([
    `export function device(at: usize): u64 {
      rv.lw(at, 0);
      rv.sw(at, 1, 4);
      const first = rv.ld(at, 8);
      rv.sw(at, 1, 4);
      rv.lw(at, 0);
      return first + rv.ld(at, 8) + rv.ld(at, 8);
    }`,
  ]);
  const accesses = instructionsOf(image, 'device').filter((name) => /^[ls][wd]$/.test(name));
  t.deepEqual(accesses, ['lw', 'sw', 'ld', 'sw', 'lw', 'ld', 'ld']);
});

test('accesses to ordinary memory stay on their side of a fence', async (t) => {
  const image = await build([
    `export function publish(data: usize, flag: usize, value: u64): u64 {
      const old = load<u64>(data);
      store<u64>(data, value);
      rv.fence(rv.FENCE_W, rv.FENCE_W);
      store<u64>(flag, 1);
      rv.fence(rv.FENCE_RW, rv.FENCE_RW);
      return load<u64>(data) + old;
    }`,
  ]);
  const order = instructionsOf(image, 'publish').filter((name) => /^(ld|sd|fence)$/.test(name));
  t.deepEqual(order, ['ld', 'sd', 'fence', 'sd', 'fence', 'ld']);
});

test('a probe costs no instruction and stays between its neighbours', async (t) => {
  const image = await build([
    `export function plain(at: usize): void { store<u64>(at, 1); store<u64>(at, 2, 8); }`,
    `export function probed(at: usize): void { store<u64>(at, 1); rv.probe('half'); store<u64>(at, 2, 8); }`,
  ]);
  const plain = instructionsOf(image, 'plain').toSorted();
  t.deepEqual(instructionsOf(image, 'probed').toSorted(), plain);
  const probe = image.symbols.get('probe$half$0') ?? 0n;
  const probed = image.functions.find(({ name }) => name === 'all/probed');
  t.true(probed && probe > probed.address && probe < probed.address + BigInt(probed.size));
});
