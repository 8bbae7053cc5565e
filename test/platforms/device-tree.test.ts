import test from 'ava';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import {
  deviceTreeText,
  loadPlatform,
  machineTree,
  writeDeviceTree,
  type DeviceTreeNode,
} from '../../platforms/index.ts';
import { readDeviceTree, type ReadNode } from './device-tree-reader.ts';
import { readFromProject } from './report.ts';

const platform = loadPlatform('platforms/duvisor-2hart.yaml', { readText: readFromProject });
const initrd = { start: 0x8f00_0000, end: 0x8f00_1234 };
const tree = machineTree(platform, { bootArguments: 'console=hvc0', initrd });
const root = readDeviceTree(writeDeviceTree(tree));

function child(node: ReadNode | undefined, ...path: readonly string[]): ReadNode | undefined {
  return path.reduce((at, name) => at?.children.find((inner) => inner.name === name), node);
}

const textOf = (bytes: readonly number[] | undefined): string =>
  String.fromCharCode(...(bytes ?? []));

function wide(bytes: readonly number[] = []): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

test('the device tree lists every hart with its ISA', (t) => {
  const cpus = child(root, 'cpus');
  t.deepEqual(
    cpus?.children.map(({ name }) => name),
    ['cpu@0', 'cpu@1'],
  );
  t.is(wide(cpus?.properties['timebase-frequency']), 1_000_000);
  t.is(textOf(child(cpus, 'cpu@1')?.properties['riscv,isa']), 'rv64ima_zicsr_zifencei_h\0');
});

test('the device tree gives the size of a cache block for each group of instructions on blocks', (t) => {
  const isa = 'rv64ima_zicsr_zifencei_zicbom_zicboz_h';
  const other = loadPlatform('platforms/bare-1hart.yaml', {
    readText: readFromProject,
    set: [`harts.isa=${isa}`],
  });
  const read = readDeviceTree(writeDeviceTree(machineTree(other, { bootArguments: '' })));
  const { properties = {} } = child(read, 'cpus', 'cpu@0') ?? {};
  t.is(wide(properties['riscv,cbom-block-size']), 64);
  t.is(wide(properties['riscv,cboz-block-size']), 64);
  t.is(properties['riscv,cbop-block-size'], undefined);
});

test('the device tree says whom a PMC range is granted to, where there is a PMC', (t) => {
  const scopeOn = (name: string, set: readonly string[] = []): string => {
    const path = `platforms/${name}.yaml`;
    const other = loadPlatform(path, { readText: readFromProject, set });
    const read = readDeviceTree(writeDeviceTree(machineTree(other, { bootArguments: '' })));
    return textOf(child(read, 'cpus')?.properties['dvlab,pmc-scope']);
  };
  t.is(scopeOn('duvisor-2hart'), 'vm\0');
  t.is(scopeOn('duvisor-2hart', ['harts.dvExt.pmc.scope=global']), 'global\0');
  t.is(scopeOn('duvisor-2hart', ['harts.dvExt.profile=qemu']), '');
  t.is(scopeOn('no-dv-2hart'), '');
});

test('the device tree gives memory, boot arguments and RAM file system', (t) => {
  const { reg = [] } = child(root, 'memory@80000000')?.properties ?? {};
  t.deepEqual([wide(reg.slice(0, 8)), wide(reg.slice(8))], [0x8000_0000, 256 * 2 ** 20]);
  const chosen = child(root, 'chosen');
  t.is(textOf(chosen?.properties['bootargs']), 'console=hvc0\0');
  t.is(textOf(chosen?.properties['stdout-path']), '/soc/serial@10000000\0');
  t.is(wide(chosen?.properties['linux,initrd-start']), initrd.start);
  t.is(wide(chosen?.properties['linux,initrd-end']), initrd.end);
});

test('the interrupts of the CLINT follow the wires of the platform', (t) => {
  const handle = (hart: number): number => {
    const controller = child(root, 'cpus', `cpu@${String(hart)}`, 'interrupt-controller');
    return wide(controller?.properties['phandle']);
  };
  const bytes = child(root, 'soc', 'clint@2000000')?.properties['interrupts-extended'] ?? [];
  const cells = Array.from({ length: bytes.length / 4 }, (_, index) => {
    return wide(bytes.slice(index * 4, index * 4 + 4));
  });
  t.deepEqual(cells, [handle(0), 3, handle(0), 7, handle(1), 3, handle(1), 7]);
});

test('every mapped device has a node at its address', (t) => {
  const names = child(root, 'soc')
    ?.children.map(({ name }) => name)
    .toSorted();
  t.deepEqual(names, [
    'clint@2000000',
    'plic@c000000',
    'posted-interrupts@4000000',
    'serial@10000000',
    'test@100000',
  ]);
});

test('the interrupt controller’s contexts name harts and interrupts in order, and devices their sources', (t) => {
  const plic = child(root, 'soc', 'plic@c000000');
  const { properties = {} } = plic ?? {};
  const cells = (bytes: readonly number[] = []): number[] =>
    Array.from({ length: bytes.length / 4 }, (_, index) =>
      wide(bytes.slice(4 * index, 4 * index + 4)),
    );
  const handle = (hart: number): number =>
    wide(child(root, 'cpus', `cpu@${String(hart)}`, 'interrupt-controller')?.properties['phandle']);
  const contexts = [handle(0), 11, handle(0), 9, handle(1), 11, handle(1), 9];
  t.deepEqual(cells(properties['interrupts-extended']), contexts);
  t.is(wide(properties['riscv,ndev']), 31);
  for (const [device, source] of [
    ['serial@10000000', 10],
    ['posted-interrupts@4000000', 1],
  ] as const) {
    const { properties: own = {} } = child(root, 'soc', device) ?? {};
    t.deepEqual(cells(own['interrupts']), [source]);
    t.is(wide(own['interrupt-parent']), wide(properties['phandle']));
  }
});

test('any tree reads back as it was written', (t) => {
  const name = fc.stringMatching(/^[a-z][a-z0-9,-]{0,20}$/);
  const property = fc.array(
    fc.oneof(
      fc.nat(0xffff_ffff).map((cell) => ({ cell })),
      fc.bigInt(0n, (1n << 64n) - 1n).map((value) => ({ wide: value })),
      fc.uint8Array({ maxLength: 9 }).map((bytes) => ({ bytes })),
    ),
    { maxLength: 3 },
  );
  const properties = fc.dictionary(name, property, { maxKeys: 4 });
  const { node } = fc.letrec<{ node: DeviceTreeNode }>((tie) => ({
    node: fc.record({
      name,
      properties,
      children: fc.oneof(
        { depthSize: 'small' },
        fc.constant<DeviceTreeNode[]>([]),
        fc.array(tie('node'), { maxLength: 2 }),
      ),
    }),
  }));
  fc.assert(
    fc.property(node, (written) => {
      compare(readDeviceTree(writeDeviceTree(written)), written);
    }),
    { numRuns: 100 },
  );
  t.pass();
});

function compare(read: ReadNode, written: DeviceTreeNode): void {
  const sizes = Object.entries(written.properties).map(([name, items]) => {
    const length = items.reduce(
      (sum, item) => sum + ('bytes' in item ? item.bytes.length : 'cell' in item ? 4 : 8),
      0,
    );
    return `${name} ${String(length)}`;
  });
  const found = Object.entries(read.properties).map(
    ([name, bytes]) => `${name} ${String(bytes.length)}`,
  );
  if (read.name !== written.name || sizes.toSorted().join() !== found.toSorted().join()) {
    throw new Error(`${read.name}: ${found.join()} is not ${sizes.join()}`);
  }
  written.children?.forEach((inner, index) => {
    const counterpart = read.children[index];
    if (counterpart === undefined) throw new Error(`${inner.name} is lost`);
    compare(counterpart, inner);
  });
}

const hasDtc = spawnSync('dtc', ['--version']).status === 0;

(hasDtc ? test : test.skip)('dtc makes the same blob from the source text', (t) => {
  const text = deviceTreeText(tree);
  const compiled = spawnSync('dtc', ['-I', 'dts', '-O', 'dtb', '-q'], { input: text });
  t.is(compiled.status, 0, String(compiled.stderr));
  const byDtc = spawnSync('dtc', ['-I', 'dtb', '-O', 'dts', '-s', '-q'], {
    input: compiled.stdout,
  });
  const ours = spawnSync('dtc', ['-I', 'dtb', '-O', 'dts', '-s', '-q'], {
    input: writeDeviceTree(tree),
  });
  t.is(ours.status, 0, String(ours.stderr));
  t.is(String(ours.stdout), String(byDtc.stdout));
});
