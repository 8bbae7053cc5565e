import test from 'ava';
import { defineDevice, type ComponentDefinition } from '../../../hw/kernel/index.ts';
import { place } from './bench.ts';

const block = {
  kind: 'block',
  summary: 'For this test.',
  size: 0x40,
  ports: {},
  reset: { wide: 0x1122_3344_5566_7788n, words: [0x0a, 0x0b, 0x0c], reads: 0, last: '' },
} as const;

const registers = defineDevice({
  ...block,
  reset: () => ({ ...block.reset, words: [...block.reset.words] as number[], reads: 0, last: '' }),
  registers: {
    wide: {
      offset: 0x0,
      bytes: 8,
      read: (state): bigint => state.wide,
      write: (draft, value, { firstByte }) => {
        draft.last = `0x${value.toString(16)} from byte ${String(firstByte)}`;
      },
    },
    words: {
      offset: 0x10,
      bytes: 4,
      count: 3,
      stride: 8,
      read: (state, { index }) => state.words[index] ?? 0,
      write: (draft, value, { index }) => {
        draft.words[index] = value;
      },
    },
    popping: {
      offset: 0x30,
      bytes: 1,
      read: (state) => state.reads,
      afterRead: (draft) => {
        draft.reads++;
      },
    },
    writeOnly: { offset: 0x34, bytes: 4, write: () => undefined },
  },
});

test('an access inside a register reads those bytes, little-endian', (t) => {
  const { device } = place(registers, undefined);
  t.is(device.read(0, 8), 0x1122_3344_5566_7788n);
  t.is(device.read(0, 4), 0x5566_7788n);
  t.is(device.read(4, 4), 0x1122_3344n);
  t.is(device.read(2, 2), 0x5566n);
  t.is(device.read(7, 1), 0x11n);
});

test('a narrow write keeps the other bytes and says where it begins', (t) => {
  const { device } = place(registers, undefined);
  t.true(device.write(4, 4, 0xffff_ffffn));
  t.is(device.state.last, '0xffffffff55667788 from byte 4');
  t.true(device.write(1, 1, 0xfabn));
  t.is(device.state.last, '0x112233445566ab88 from byte 1');
});

test('a register array has one register per stride', (t) => {
  const { device } = place(registers, undefined);
  t.is(device.read(0x18, 4), 0x0bn);
  t.true(device.write(0x20, 4, 0xffff_fffen));
  t.deepEqual(device.state.words, [0x0a, 0x0b, 0xffff_fffe]);
});

test('a misaligned access faults', (t) => {
  const { device } = place(registers, undefined);
  t.is(device.read(1, 2), undefined);
  t.is(device.read(4, 8), undefined);
  t.false(device.write(2, 4, 0n));
});

test('an access wider than its register faults', (t) => {
  const { device } = place(registers, undefined);
  t.is(device.read(0x10, 8), undefined);
  t.is(device.read(0x30, 8), undefined);
});

test('an access wider than its registers is made as two halves where the device says so', (t) => {
  const { device } = place({ ...registers, wide: 'split', unmapped: 'zero' }, undefined);
  t.true(device.write(0x10, 8, 0x1_0000_0002n));
  t.is(device.read(0x10, 8), 2n);
  t.is(device.read(0x30, 2), 0n);
  t.is(device.state.reads, 1);
});

test('an offset without a register faults, or reads 0 where the device says so', (t) => {
  const strict = place(registers, undefined).device;
  t.is(strict.read(0x38, 8), undefined);
  t.false(strict.write(0x38, 8, 1n));
  const lenient = place({ ...registers, unmapped: 'zero' }, undefined).device;
  t.is(lenient.read(0x38, 8), 0n);
  t.true(lenient.write(0x38, 8, 1n));
});

test('what a read changes is seen by the next read', (t) => {
  const { device } = place(registers, undefined);
  t.deepEqual(
    [1, 2, 3].map(() => device.read(0x30, 1)),
    [0n, 1n, 2n],
  );
});

test('a register without read is 0, one without write ignores writes', (t) => {
  const { device } = place(registers, undefined);
  t.is(device.read(0x34, 4), 0n);
  t.true(device.write(0x30, 1, 7n));
  t.is(device.state.reads, 0);
});

test('registers that overlap, lie outside the window or are misaligned are refused', (t) => {
  const refuses = (changed: ComponentDefinition['registers'], message: RegExp): void => {
    const broken: ComponentDefinition = {
      ...block,
      ports: {},
      ...(changed && { registers: changed }),
    };
    t.throws(() => place(broken, undefined), { message });
  };
  refuses(
    { a: { offset: 0, bytes: 8 }, b: { offset: 4, bytes: 4 } },
    /block: registers a and b overlap/,
  );
  refuses({ a: { offset: 0x40, bytes: 1 } }, /register a at 0x40\.\.0x41 is misaligned or outside/);
  refuses({ a: { offset: 2, bytes: 4 } }, /register a at 0x2\.\.0x6 is misaligned or outside/);
});
