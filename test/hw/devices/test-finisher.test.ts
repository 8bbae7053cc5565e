import test from 'ava';
import { testFinisher, type Verdict } from '../../../hw/devices/index.ts';
import { place } from '../kernel/bench.ts';

function verdictsOf(...values: readonly bigint[]): Verdict[] {
  const { device } = place(testFinisher, undefined);
  const verdicts: Verdict[] = [];
  device.stream('verdict').subscribe((verdict) => verdicts.push(verdict));
  for (const value of values) {
    device.write(0, 4, value);
  }
  return verdicts;
}

test('0x5555 passes', (t) => {
  t.deepEqual(verdictsOf(0x5555n), [{ kind: 'passed' }]);
});

test('0x3333 fails with the code in the upper half', (t) => {
  t.deepEqual(verdictsOf(0x002a_3333n, 0xffff_3333n), [
    { kind: 'failed', code: 42 },
    { kind: 'failed', code: 0xffff },
  ]);
});

test('0x7777 asks for a reset', (t) => {
  t.deepEqual(verdictsOf(0x7777n), [{ kind: 'reset' }]);
});

test('anything else is ignored, and the register reads 0', (t) => {
  t.deepEqual(verdictsOf(0n, 0x1234n, 0x5556n), []);
  const { device } = place(testFinisher, undefined);
  device.write(0, 4, 0x1234n);
  t.is(device.read(0, 4), 0n);
  t.is(device.read(0x800, 4), 0n);
});

test('a halfword write is enough', (t) => {
  const { device } = place(testFinisher, undefined);
  const verdicts: Verdict[] = [];
  device.stream('verdict').subscribe((verdict) => verdicts.push(verdict));
  device.write(0, 2, 0x5555n);
  t.deepEqual(verdicts, [{ kind: 'passed' }]);
});
