import test from 'ava';
import { TrapSignal } from '../../../hw/engine/index.ts';
import { Cause, encode } from '../../../hw/isa/index.ts';
import { FlatContext } from './flat-context.ts';

const A = 32n;

/** A hart whose memory holds eight bytes with their top bits set, from 0x81 up, at the address in x1. */
function hart(): FlatContext {
  const context = new FlatContext();
  context.state.x[1] = A;
  context.memory.set([0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88], Number(A));
  return context;
}

function memoryOf(context: FlatContext, bytes: number): string {
  return Buffer.from(context.memory.slice(Number(A), Number(A) + bytes)).toString('hex');
}

test('loads extend to 64 bits with the sign or with zeros', (t) => {
  const loaded = (word: number): string => {
    const context = hart();
    context.step(word);
    return (context.state.x[3] ?? 0n).toString(16);
  };
  t.is(loaded(encode('lb', { rd: 3, rs1: 1, imm: 0 })), 'ffffffffffffff81');
  t.is(loaded(encode('lbu', { rd: 3, rs1: 1, imm: 0 })), '81');
  t.is(loaded(encode('lh', { rd: 3, rs1: 1, imm: 0 })), 'ffffffffffff8281');
  t.is(loaded(encode('lhu', { rd: 3, rs1: 1, imm: 0 })), '8281');
  t.is(loaded(encode('lw', { rd: 3, rs1: 1, imm: 0 })), 'ffffffff84838281');
  t.is(loaded(encode('lwu', { rd: 3, rs1: 1, imm: 0 })), '84838281');
  t.is(loaded(encode('ld', { rd: 3, rs1: 1, imm: 0 })), '8887868584838281');
  t.is(loaded(encode('lb', { rd: 3, rs1: 1, imm: 7 })), 'ffffffffffffff88');
  t.is(loaded(encode('hlv.b', { rd: 3, rs1: 1 })), 'ffffffffffffff81');
  t.is(loaded(encode('hlv.bu', { rd: 3, rs1: 1 })), '81');
  t.is(loaded(encode('hlv.w', { rd: 3, rs1: 1 })), 'ffffffff84838281');
  t.is(loaded(encode('hlvx.wu', { rd: 3, rs1: 1 })), '84838281');
  t.is(loaded(encode('hulv.hu', { rd: 3, rs1: 1 })), '8281');
  t.is(loaded(encode('hulv.d', { rd: 3, rs1: 1 })), '8887868584838281');
});

test('stores write as many low bytes as their width says', (t) => {
  const stored = (word: number): string => {
    const context = hart();
    context.state.x[2] = 0x1112_1314_1516_1718n;
    context.step(word);
    return memoryOf(context, 8);
  };
  t.is(stored(encode('sb', { rs1: 1, rs2: 2, imm: 1 })), '8118838485868788');
  t.is(stored(encode('sh', { rs1: 1, rs2: 2, imm: 0 })), '1817838485868788');
  t.is(stored(encode('sw', { rs1: 1, rs2: 2, imm: 4 })), '8182838418171615');
  t.is(stored(encode('sd', { rs1: 1, rs2: 2, imm: 0 })), '1817161514131211');
  t.is(stored(encode('hsv.h', { rs1: 1, rs2: 2 })), '1817838485868788');
  t.is(stored(encode('husv.w', { rs1: 1, rs2: 2 })), '1817161585868788');
});

test('an access says whose translation it goes through', (t) => {
  const context = hart();
  for (const word of [
    encode('ld', { rd: 3, rs1: 1, imm: 0 }),
    encode('hlv.d', { rd: 3, rs1: 1 }),
    encode('hlvx.hu', { rd: 3, rs1: 1 }),
    encode('hsv.b', { rs1: 1, rs2: 2 }),
    encode('hulvx.wu', { rd: 3, rs1: 1 }),
    encode('husv.d', { rs1: 1, rs2: 2 }),
    encode('sd', { rs1: 1, rs2: 2, imm: 0 }),
  ]) {
    context.step(word);
  }
  t.deepEqual(context.spaces, [
    'current',
    'guest',
    'guestExecute',
    'guest',
    'guestExecute',
    'guest',
    'current',
  ]);
});

test('an address wraps around at 2^64', (t) => {
  const context = hart();
  context.state.x[1] = (1n << 64n) - 1n;
  context.step(encode('lbu', { rd: 3, rs1: 1, imm: Number(A) + 1 }));
  t.is(context.state.x[3], 0x81n);
});

const atomics = {
  'amoswap.w': (_old: bigint, value: bigint) => value,
  'amoadd.w': (old: bigint, value: bigint) => old + value,
  'amoxor.w': (old: bigint, value: bigint) => old ^ value,
  'amoand.w': (old: bigint, value: bigint) => old & value,
  'amoor.w': (old: bigint, value: bigint) => old | value,
  'amomin.w': (old: bigint, value: bigint) => (old < value ? old : value),
  'amomax.w': (old: bigint, value: bigint) => (old > value ? old : value),
} as const;
const values = [0n, 1n, -1n, 5n, 0x7fff_ffffn, -0x8000_0000n, (1n << 63n) - 1n, -(1n << 63n)];

function littleEndian(context: FlatContext, bytes: 4 | 8): bigint {
  const view = new DataView(context.memory.buffer);
  return bytes === 4 ? BigInt(view.getInt32(Number(A), true)) : view.getBigInt64(Number(A), true);
}

function checkAtomic(
  t: { is: (actual: bigint | undefined, expected: bigint, why: string) => unknown },
  name: keyof typeof atomics | 'amominu.w' | 'amomaxu.w',
  combine: (old: bigint, value: bigint) => bigint,
): void {
  for (const [bytes, row] of [
    [4, name],
    [8, name.replace('.w', '.d')],
  ] as const) {
    const bits = bytes * 8;
    for (const old of values) {
      for (const value of values) {
        const context = hart();
        const before = BigInt.asIntN(bits, old);
        new DataView(context.memory.buffer).setBigInt64(Number(A), before, true);
        context.state.x[2] = value;
        context.step(encode(row as typeof name, { rd: 3, rs1: 1, rs2: 2, aq: 1 }));
        const why = `${row} ${String(old)}, ${String(value)}`;
        t.is(context.state.x[3], BigInt.asUintN(64, before), why);
        const after = BigInt.asIntN(bits, combine(before, BigInt.asIntN(bits, value)));
        t.is(littleEndian(context, bytes), after, why);
      }
    }
  }
}

for (const [name, combine] of Object.entries(atomics)) {
  test(`${name} and its doubleword form leave the old value, sign-extended, and store the new`, (t) => {
    checkAtomic(t, name as keyof typeof atomics, combine);
  });
}

test('amominu and amomaxu compare without signs, on words as on doublewords', (t) => {
  const below = (left: bigint, right: bigint): boolean =>
    BigInt.asUintN(64, left) < BigInt.asUintN(64, right);
  checkAtomic(t, 'amominu.w', (old, value) => (below(old, value) ? old : value));
  checkAtomic(t, 'amomaxu.w', (old, value) => (below(old, value) ? value : old));
});

test('an atomic whose destination is its own source uses the source first', (t) => {
  const context = hart();
  context.state.x[2] = 1n;
  context.step(encode('amoadd.d', { rd: 2, rs1: 1, rs2: 2 }));
  t.is(context.state.x[2], 0x8887_8685_8483_8281n);
  t.is(memoryOf(context, 8), '8282838485868788');
});

test('a store-conditional yields 0 and stores while reserved, else yields 1 and does not', (t) => {
  const context = hart();
  context.state.x[2] = -1n;
  context.step(encode('sc.w', { rd: 3, rs1: 1, rs2: 2 }));
  t.is(context.state.x[3], 1n);
  t.is(memoryOf(context, 4), '81828384');
  context.step(encode('lr.w', { rd: 4, rs1: 1 }));
  t.is(context.state.x[4], 0xffff_ffff_8483_8281n);
  context.step(encode('sc.w', { rd: 3, rs1: 1, rs2: 2 }));
  t.is(context.state.x[3], 0n);
  t.is(memoryOf(context, 8), 'ffffffff85868788');
});

test('a faulting access changes neither the destination nor the pc', (t) => {
  const context = hart();
  context.state.pc = 0x100n;
  context.state.x[1] = 0x1000n;
  context.state.x[3] = 7n;
  for (const [word, cause] of [
    [encode('ld', { rd: 3, rs1: 1, imm: 0 }), Cause.loadAccessFault],
    [encode('amoadd.w', { rd: 3, rs1: 1, rs2: 2 }), Cause.loadAccessFault],
    [encode('sd', { rs1: 1, rs2: 3, imm: 0 }), Cause.storeAccessFault],
  ] as const) {
    const signal = t.throws(
      () => {
        context.step(word);
      },
      { instanceOf: TrapSignal },
    );
    t.is(signal.cause, cause);
    t.is(signal.tval, 0x1000n);
    t.is(context.state.x[3], 7n);
    t.is(context.state.pc, 0x100n);
  }
});
