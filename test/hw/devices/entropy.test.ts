import test from 'ava';
import { entropy } from '../../../hw/devices/index.ts';
import { place } from '../kernel/bench.ts';

function numbersOf(seed: number, count: number): (bigint | undefined)[] {
  const { device } = place(entropy, { seed });
  return Array.from({ length: count }, () => device.read(0, 8));
}

// The first numbers of SplitMix64, as its authors' code gives them.
test('each read gives the next number of SplitMix64', (t) => {
  t.deepEqual(numbersOf(0, 3), [
    0xe220_a839_7b1d_cdafn,
    0x6e78_9e6a_a1b9_65f4n,
    0x06c4_5d18_8009_454fn,
  ]);
});

test('the same seed gives the same numbers, another one others', (t) => {
  t.deepEqual(numbersOf(7, 8), numbersOf(7, 8));
  t.is(new Set([...numbersOf(7, 8), ...numbersOf(8, 8)]).size, 16);
});

test('a narrow read takes a number too, and writes are ignored', (t) => {
  const { device } = place(entropy, { seed: 0 });
  t.is(device.read(0, 4), 0x7b1d_cdafn);
  t.true(device.write(0, 8, 0n));
  t.is(device.read(0, 8), 0x6e78_9e6a_a1b9_65f4n);
});

test('a restored generator goes on where the saved one was', (t) => {
  const { device } = place(entropy, { seed: 3 });
  device.read(0, 8);
  const saved = device.save();
  const next = device.read(0, 8);
  const other = place(entropy, { seed: 3 }).device;
  other.restore(saved);
  t.is(other.read(0, 8), next);
});
