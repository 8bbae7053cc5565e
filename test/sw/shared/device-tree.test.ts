import test from 'ava';
import { writeDeviceTree, type DeviceTreeNode } from '../../../platforms/index.ts';
import { loadPlatform, machineTree } from '../../../platforms/index.ts';
import { inProject } from '../../harness/project-root.ts';
import { compileModules, putString, stringAt, testArea } from './compiled-modules.ts';

const modules = compileModules(['sw/shared/fdt-reader.ts', 'sw/shared/fdt-writer.ts']);
const { call, memory, field } = modules;
const cursor = testArea;
const names = testArea + 0x100;
const blob = testArea + 0x1000;

/** The tree as a list of what the reader meets; values in hexadecimal. */
function readTree(at: number): readonly string[] {
  const events: string[] = [];
  call('startFdt', BigInt(cursor), BigInt(at));
  for (;;) {
    const token = call('nextFdt', BigInt(cursor));
    const name = stringAt(modules, field('FdtCursor', 'name', cursor));
    if (token === 9n) return events;
    if (token === 1n) events.push(`${name} {`);
    else if (token === 2n) events.push('}');
    else {
      const value = Number(field('FdtCursor', 'value', cursor));
      const length = Number(field('FdtCursor', 'length', cursor));
      const bytes = Buffer.from(memory.subarray(value, value + length));
      events.push(`${name}=${bytes.toString('hex')}`);
    }
  }
}

test('the reader meets every node and property of a platform’s device tree, in order', (t) => {
  const tree: DeviceTreeNode = machineTree(
    loadPlatform(inProject('platforms', 'duvisor-2hart.yaml'), { set: [] }),
    { bootArguments: 'quiet', initrd: { start: 0x8800_0000, end: 0x8800_1000 } },
  );
  memory.set(writeDeviceTree(tree), blob);
  t.is(call('isFdt', BigInt(blob)), 1n);
  const events = readTree(blob);
  t.is(events[0], ' {');
  t.is(
    events.filter((event) => event.endsWith('{')).length,
    events.filter((e) => e === '}').length,
  );
  t.true(events.includes('cpu@1 {'));
  t.true(events.includes('timebase-frequency=000f4240'));
  t.true(events.includes(`bootargs=${Buffer.from('quiet\0').toString('hex')}`));
});

test('what the writer writes is read back', (t) => {
  const writer = BigInt(cursor + 0x80);
  const name = (text: string): bigint => putString(modules, names, text);
  const value = (text: string): bigint => putString(modules, names + 64, text);
  call('beginFdt', writer, BigInt(blob), 4096n);
  call('beginNode', writer, name(''));
  call('addCell', writer, name('#address-cells'), 2);
  call('addEmpty', writer, name('ranges'));
  call('beginNodeAt', writer, name('memory'), 0x8000_0000n);
  call('addRange', writer, name('reg'), 0x8000_0000n, 0x400_0000n);
  call('addString', writer, name('device_type'), value('memory'));
  call('endNode', writer);
  call('beginNodeAt', writer, name('uart'), 0n);
  call('addAddress', writer, name('reg'), 0x1_0000_0000n);
  call('endNode', writer);
  call('endNode', writer);
  const size = Number(call('finishFdt', writer));
  t.true(size > 0);
  t.is(call('fdtTotalSize', BigInt(blob)), BigInt(size));
  t.deepEqual(readTree(blob), [
    ' {',
    '#address-cells=00000002',
    'ranges=',
    'memory@80000000 {',
    'reg=00000000800000000000000004000000',
    `device_type=${Buffer.from('memory\0').toString('hex')}`,
    '}',
    'uart@0 {',
    'reg=0000000100000000',
    '}',
    '}',
  ]);
});

test('an area that is too small gives size 0 and is not left', (t) => {
  const writer = BigInt(cursor + 0x80);
  for (const capacity of [0, 64, 1080, 1100, 1200, 1400]) {
    memory.fill(0xee, blob, blob + 8192);
    call('beginFdt', writer, BigInt(blob), BigInt(capacity));
    call('beginNode', writer, putString(modules, names, ''));
    for (let i = 0; i < 200; i++) {
      call('addCell', writer, putString(modules, names, `property-${String(i)}`), i);
    }
    call('endNode', writer);
    t.is(call('finishFdt', writer), 0n);
    t.true(memory.subarray(blob + capacity, blob + 8192).every((byte) => byte === 0xee));
  }
});
