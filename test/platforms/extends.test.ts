import test from 'ava';
import { loadPlatform, resolvedText } from '../../platforms/index.ts';
import { describeOrigin } from '../../platforms/source/origin.ts';
import { readFromProject } from './report.ts';

const files: Record<string, string> = {
  'lab/one.yaml':
    'extends: ../platforms/duvisor-2hart.yaml\nname: one\nharts: { count: 1 }\nwires: {' +
    ['msip', 'mtip', 'meip', 'seip', 'vseip', 'posted', 'time']
      .map((port) => ` hart.1.${port}: ~`)
      .join(',') +
    ' }\n',
  '/elsewhere/three.yaml': 'name: three\nquantum: 7\n',
  'lab/absolute.yaml': 'extends: /elsewhere/three.yaml\n',
  'lab/two.yaml':
    'extends: one.yaml\nname: two\nmemory: { dram: { size: 16 MiB } }\nharts: { timing: { parameters: { loadUse: 9 } } }\n',
};
const readText = (path: string): string => files[path] ?? readFromProject(path);
const load = (path: string) => loadPlatform(path, { readText });

test('extends merges maps name by name, over any number of files', (t) => {
  const { name, harts, memory } = load('lab/two.yaml');
  t.is(name, 'two');
  t.is(harts.count, 1);
  t.is(harts.isa.text, 'rv64ima_zicsr_zifencei_h');
  t.deepEqual(memory['dram'], { kind: 'ram', at: 0x8000_0000, size: 16 * 2 ** 20 });
});

test('extends takes an absolute path too', (t) => {
  const error = t.throws(() => load('lab/absolute.yaml'));
  t.regex(error.message, /E-CFG/);
  t.notRegex(error.message, /cannot read/);
});

test('~ removes an inherited name', (t) => {
  t.false(load('lab/one.yaml').wires.some(({ input }) => input.startsWith('hart.1.')));
});

test('a map laid over a timing file changes single numbers of it', (t) => {
  const { parameters, name } = load('lab/two.yaml').harts.timing;
  t.is(name, 'rocket');
  t.deepEqual(parameters.loadUse, { value: 9 });
  t.is(parameters.trapEntry.value, 5);
});

test('--set names another timing file beside the platform, whose numbers can then be set', (t) => {
  const set = ['harts.timing=../platforms/timing/ideal.yaml', 'harts.timing.parameters.loadUse=3'];
  const { parameters, name } = loadPlatform('lab/two.yaml', { readText, set }).harts.timing;
  t.is(name, 'ideal');
  t.is(parameters.loadUse.value, 3);
  const error = t.throws(() =>
    loadPlatform('lab/two.yaml', { readText, set: ['harts.timing=timing/fast.yaml'] }),
  );
  t.regex(
    error.message,
    /E-CFG-009.*'lab\/timing\/fast.yaml'[^]*--set harts.timing=timing\/fast.yaml/,
  );
});

test('every value knows the line that gave it', (t) => {
  const platform = loadPlatform('lab/two.yaml', { readText, set: ['quantum=10'] });
  const place = (...path: string[]) => {
    const origin = platform.originOf(path);
    return origin && describeOrigin(origin);
  };
  t.is(place('memory', 'dram', 'size'), 'lab/two.yaml:3:25');
  t.is(place('harts', 'count'), 'lab/one.yaml:3:17');
  t.regex(place('memory', 'boot', 'at') ?? '', /^platforms\/duvisor-2hart\.yaml:\d+:\d+$/);
  t.is(place('quantum'), '--set quantum=10');
  t.is(place('bootArguments'), undefined);
});

test('a resolved platform, printed with its origins, loads as the same platform', (t) => {
  const platform = load('lab/two.yaml');
  const text = resolvedText(platform);
  t.regex(text, /^ {4}size: 16 MiB # two.yaml:3$/m);
  t.regex(text, /^bootArguments: "" # default$/m);
  t.regex(text, /^ {4}hugatp: hs-only # profile paper$/m);
  const again = loadPlatform('again.yaml', { readText: () => text });
  const { harts } = platform;
  t.deepEqual({ ...again.harts, dvExt: harts.dvExt }, harts);
  t.deepEqual(again.harts.dvExt.rules, harts.dvExt.rules);
  t.deepEqual(
    [again.name, again.clock, again.quantum, again.memory, again.devices, again.wires],
    [
      platform.name,
      platform.clock,
      platform.quantum,
      platform.memory,
      platform.devices,
      platform.wires,
    ],
  );
});
