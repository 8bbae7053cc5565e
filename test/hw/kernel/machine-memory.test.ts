import test from 'ava';
import { MachineMemory, wasmPageBytes } from '../../../hw/kernel/index.ts';

test('areas lie one after the other at multiples of 4 KiB', (t) => {
  const memory = new MachineMemory([
    { name: 'harts', bytes: 5000 },
    { name: 'ram', bytes: 1 << 20 },
  ]);
  t.deepEqual(memory.area('harts'), { name: 'harts', bytes: 5000, offset: 0 });
  t.is(memory.area('ram').offset, 8192);
  t.is(memory.buffer.byteLength % wasmPageBytes, 0);
  t.true(memory.buffer.byteLength >= 8192 + (1 << 20));
});

test('bytes, view and doublewords are the same memory, little-endian', (t) => {
  const memory = new MachineMemory([{ name: 'ram', bytes: 64 }]);
  memory.doublewords[1] = 0x1122_3344_5566_7788n;
  t.is(memory.bytes[8], 0x88);
  t.is(memory.view.getUint32(12, true), 0x1122_3344);
});

test('more than 4 GiB, an area wanted twice and an unknown area are refused', (t) => {
  t.throws(() => new MachineMemory([{ name: 'ram', bytes: 2 ** 32 + 1 }]), { message: /4 GiB/ });
  t.throws(
    () =>
      new MachineMemory([
        { name: 'a', bytes: 1 },
        { name: 'a', bytes: 1 },
      ]),
    { message: 'machine memory: area a is wanted twice' },
  );
  t.throws(() => new MachineMemory([]).area('x'), { message: 'machine memory: no area x' });
});
