import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import test from 'ava';
import { encode } from '../../../hw/isa/index.ts';
import { projectRoot } from '../../harness/project-root.ts';

// The project's libraries are ECMAScript's only; this is the part of the WebAssembly interface used here.
declare const WebAssembly: {
  instantiate(
    binary: Uint8Array,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: unknown } }>;
};

interface AccessModule {
  readonly decodeAccess: (instruction: number) => number;
  readonly registerOfAccess: (access: number) => number;
  readonly sizeOfAccess: (access: number) => number;
  readonly extend: (data: bigint, access: number) => bigint;
  readonly ACCESS_STORE: { readonly value: number };
}

/** The hypervisor's decoder runs on any machine: it touches no memory. */
async function compileDecoder(): Promise<AccessModule> {
  const source = await readFile(join(projectRoot, 'sw/shared/load-store.ts'), 'utf8');
  let binary: Uint8Array | undefined;
  const { error } = await asc.main(
    ['load-store.ts', '--outFile', 'out.wasm', '--runtime', 'stub'],
    {
      readFile: (name) => (name === 'load-store.ts' ? source : null),
      writeFile: (_name, contents) => {
        if (typeof contents !== 'string') binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) throw error ?? new Error('no output');
  const { instance } = await WebAssembly.instantiate(new Uint8Array(binary), {
    env: { abort: () => undefined },
  });
  return instance.exports as AccessModule;
}

const decoder = compileDecoder();

interface Expected {
  readonly register: number;
  readonly bytes: number;
  readonly isStore: boolean;
}

const decodes = test.macro<[word: number, expected: Expected]>({
  exec: async (t, word, expected) => {
    const { decodeAccess, registerOfAccess, sizeOfAccess, ACCESS_STORE } = await decoder;
    const access = decodeAccess(word);
    t.not(access, 0);
    t.is(registerOfAccess(access), expected.register);
    t.is(1 << sizeOfAccess(access), expected.bytes);
    t.is((access & ACCESS_STORE.value) !== 0, expected.isStore);
  },
  title: (name) => `${name ?? ''} is decoded with its register and width`,
});

const load = { rd: 21, rs1: 10, imm: -8 } as const;
const store = { rs2: 22, rs1: 10, imm: 8 } as const;

test('lb', decodes, encode('lb', load), { register: 21, bytes: 1, isStore: false });
test('lbu', decodes, encode('lbu', load), { register: 21, bytes: 1, isStore: false });
test('lh', decodes, encode('lh', load), { register: 21, bytes: 2, isStore: false });
test('lhu', decodes, encode('lhu', load), { register: 21, bytes: 2, isStore: false });
test('lw', decodes, encode('lw', load), { register: 21, bytes: 4, isStore: false });
test('lwu', decodes, encode('lwu', load), { register: 21, bytes: 4, isStore: false });
test('ld', decodes, encode('ld', load), { register: 21, bytes: 8, isStore: false });
test('sb', decodes, encode('sb', store), { register: 22, bytes: 1, isStore: true });
test('sh', decodes, encode('sh', store), { register: 22, bytes: 2, isStore: true });
test('sw', decodes, encode('sw', store), { register: 22, bytes: 4, isStore: true });
test('sd', decodes, encode('sd', store), { register: 22, bytes: 8, isStore: true });

// Compressed forms as the manual's tables lay them out: c.lw a2, 0(a0) and so on (unpriv 26.3).
test('c.lw', decodes, 0x4110, { register: 12, bytes: 4, isStore: false });
test('c.ld', decodes, 0x6110, { register: 12, bytes: 8, isStore: false });
test('c.sw', decodes, 0xc110, { register: 12, bytes: 4, isStore: true });
test('c.sd', decodes, 0xe110, { register: 12, bytes: 8, isStore: true });
test('c.lwsp', decodes, 0x4a82, { register: 21, bytes: 4, isStore: false });
test('c.ldsp', decodes, 0x6a82, { register: 21, bytes: 8, isStore: false });
test('c.swsp', decodes, 0xc05a, { register: 22, bytes: 4, isStore: true });
test('c.sdsp', decodes, 0xe05a, { register: 22, bytes: 8, isStore: true });

test('what is neither a load nor a store of integer registers is refused', async (t) => {
  const { decodeAccess } = await decoder;
  const refused = {
    'amoadd.w': encode('amoadd.w', { rd: 10, rs1: 10, rs2: 11 }),
    'lr.d': encode('lr.d', { rd: 10, rs1: 10 }),
    addi: encode('addi', { rd: 10, rs1: 10, imm: 1 }),
    wfi: encode('wfi', {}),
    'load with width 7': 0x0005_7583,
    'store with width 4': 0x00b5_4023,
    'flw fa0, 0(a0)': 0x0005_2507,
    'c.lwsp x0': 0x4002,
    'c.addi': 0x0505,
    'c.fld': 0x2108,
    nothing: 0,
    'page-table read that the walker did': 0x3002,
  };
  for (const [name, word] of Object.entries(refused)) t.is(decodeAccess(word), 0, name);
});

test('a loaded value is extended as its instruction says', async (t) => {
  const { decodeAccess, extend } = await decoder;
  const loaded = (name: 'lb' | 'lbu' | 'lh' | 'lhu' | 'lw' | 'lwu' | 'ld', data: bigint): bigint =>
    BigInt.asUintN(64, extend(data, decodeAccess(encode(name, load))));
  const data = 0x8899_aabb_ccdd_eeffn;
  t.is(loaded('lb', data), 0xffff_ffff_ffff_ffffn);
  t.is(loaded('lbu', data), 0xffn);
  t.is(loaded('lh', data), 0xffff_ffff_ffff_eeffn);
  t.is(loaded('lhu', data), 0xeeffn);
  t.is(loaded('lw', data), 0xffff_ffff_ccdd_eeffn);
  t.is(loaded('lwu', data), 0xccdd_eeffn);
  t.is(loaded('ld', data), data);
});
