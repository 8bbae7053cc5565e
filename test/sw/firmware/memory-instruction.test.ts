import test from 'ava';
import fc from 'fast-check';
import { assemble } from '../../../hw/isa/index.ts';
import { compileModules } from '../shared/compiled-modules.ts';

const { call } = compileModules(['sw/firmware/memory-instruction.ts']);

const flag = {
  store: 1n << 4n,
  signed: 1n << 5n,
  guest: 1n << 6n,
  execute: 1n << 7n,
  user: 1n << 20n,
};

const decodes = (
  word: number,
  bytes: bigint,
  flags: bigint,
  register: number,
  length = 4n,
): boolean =>
  call('decodeAccess', BigInt(word >>> 0)) ===
  (bytes | flags | (BigInt(register) << 8n) | (length << 16n));

const wordOf = (text: string): number => assemble(text).words[0] ?? 0;

const loads: readonly (readonly [string, bigint, bigint])[] = [
  ['lh', 2n, flag.signed],
  ['lw', 4n, flag.signed],
  ['ld', 8n, flag.signed],
  ['lhu', 2n, 0n],
  ['lwu', 4n, 0n],
];
const stores: readonly (readonly [string, bigint])[] = [
  ['sh', 2n],
  ['sw', 4n],
  ['sd', 8n],
];

test('loads and stores decode to size, sign and register', (t) => {
  fc.assert(
    fc.property(
      fc.nat({ max: 31 }),
      fc.nat({ max: 31 }),
      fc.integer({ min: -2048, max: 2047 }),
      (register, base, imm) =>
        loads.every(([name, bytes, flags]) =>
          decodes(
            wordOf(`${name} x${String(register)}, ${String(imm)}(x${String(base)})`),
            bytes,
            flags,
            register,
          ),
        ) &&
        stores.every(([name, bytes]) =>
          decodes(
            wordOf(`${name} x${String(register)}, ${String(imm)}(x${String(base)})`),
            bytes,
            flag.store,
            register,
          ),
        ),
    ),
  );
  t.pass();
});

const guestLoads: readonly (readonly [string, bigint, bigint])[] = [
  ['h', 2n, flag.signed],
  ['hu', 2n, 0n],
  ['w', 4n, flag.signed],
  ['wu', 4n, 0n],
  ['d', 8n, flag.signed],
];

test('guest loads and stores of the H extension and of DV-Ext decode alike', (t) => {
  for (const [kind, user] of [
    ['h', 0n],
    ['hu', flag.user],
  ] as const) {
    const common = flag.guest | user;
    for (const [suffix, bytes, flags] of guestLoads) {
      t.true(decodes(wordOf(`${kind}lv.${suffix} x9, (x3)`), bytes, common | flags, 9));
    }
    for (const [suffix, bytes] of [
      ['hu', 2n],
      ['wu', 4n],
    ] as const) {
      const word = wordOf(`${kind}lvx.${suffix} x9, (x3)`);
      t.true(decodes(word, bytes, common | flag.execute, 9));
    }
    for (const [suffix, bytes] of [
      ['h', 2n],
      ['w', 4n],
      ['d', 8n],
    ] as const) {
      const word = wordOf(`${kind}sv.${suffix} x9, (x3)`);
      t.true(decodes(word, bytes, common | flag.store, 9));
    }
  }
});

// Encodings of the manual's table for RVC quadrants 0 and 2, register 9 (x9 = 001 in the compressed fields).
const compressed: readonly (readonly [string, number, bigint, bigint])[] = [
  ['c.lw', 0x4004 | (0 << 7), 4n, flag.signed],
  ['c.ld', 0x6004, 8n, flag.signed],
  ['c.sw', 0xc004, 4n, flag.store],
  ['c.sd', 0xe004, 8n, flag.store],
  ['c.lwsp', 0x4002 | (9 << 7), 4n, flag.signed],
  ['c.ldsp', 0x6002 | (9 << 7), 8n, flag.signed],
  ['c.swsp', 0xc002 | (9 << 2), 4n, flag.store],
  ['c.sdsp', 0xe002 | (9 << 2), 8n, flag.store],
];

test('compressed loads and stores decode', (t) => {
  for (const [name, word, bytes, flags] of compressed) {
    t.true(decodes(word, bytes, flags, 9, 2n), name);
  }
});

test('other instructions are no integer accesses', (t) => {
  const others = [
    0x0000_0013, 0x0000_0073, 0x1020_0073, 0x1005_2527, 0x0000_2507, 0x0000_3527, 0x1005_a52f,
    0x0001, 0x2000, 0xa000, 0x2002, 0xa002, 0x4001, 0x8082, 0x0000_7003,
  ];
  for (const word of others) t.is(call('decodeAccess', BigInt(word)), 0n, word.toString(16));
});
