import test from 'ava';
import { memoryKinds } from '../../hw/memory/index.ts';
import { timingMechanisms, timingParameters } from '../../hw/timing/index.ts';
import { csrs, instructions } from '../../hw/isa/index.ts';
import { knobNames } from '../../hw/dv-ext/index.ts';
import { loadPlatform } from '../../platforms/index.ts';
import { deviceKinds } from '../../platforms/device-kinds.ts';
import { bundled, dvlab } from './command-line.ts';

const platform = bundled('duvisor-2hart');

const lists = test.macro<[topic: string, names: readonly string[]]>({
  exec: async (t, topic, names) => {
    const { status, result } = await dvlab('describe', topic, platform);
    t.is(status, 0);
    for (const name of names)
      t.true(new RegExp(`^.*\\b${name.replaceAll('.', '\\.')}\\b`, 'm').test(result), name);
  },
  title: (_what, topic) => `describe ${topic} leaves nothing out`,
});

test(
  lists,
  'components',
  [...deviceKinds, ...memoryKinds].map(({ kind }) => kind),
);
test(
  lists,
  'csrs',
  csrs.map(({ name }) => name),
);
test(
  lists,
  'instructions',
  instructions.map(({ name }) => name),
);
test(lists, 'dv-ext', knobNames);
test(
  lists,
  'timing',
  timingParameters.map(({ name }) => name),
);
test(lists, 'stats', [
  'machine.cycles',
  'hart.1.cycle-tree',
  'vm',
  ...timingMechanisms.map(({ name }) => name),
]);

const comesWith = test.macro<[platform: string, present: string[], absent: string[]]>({
  exec: async (t, name, present, absent) => {
    const { result } = await dvlab('describe', 'dv-ext', bundled(name));
    const [, lists = ''] = result.split('\nCSRs\n');
    for (const each of present) t.regex(lists, new RegExp(`\\b${each}\\b`), each);
    for (const each of absent) t.notRegex(lists, new RegExp(`\\b${each}\\b`), each);
  },
  title: (_what, name) => `describe dv-ext lists what the harts of ${name} have, and no more`,
});

test(comesWith, 'duvisor-2hart', ['hu_vitr', 'vtimecmp', 'huret'], ['ustatus', 'vipi0', 'svipi0']);
test(comesWith, 'prototype-2hart', ['ustatus', 'svipi0', 'wrvtimectl'], ['hu_vitr', 'vtimecmp']);
test(comesWith, 'fork-2hart', ['vipi0', 'vtimecmp', 'huret'], ['svipi0', 'h_vmid']);
test(comesWith, 'no-dv-2hart', [], ['huret', 'ucause']);

test('describe timing shows the value, its source and the line or --set that gave it', async (t) => {
  const set = 'harts.timing.parameters.loadUse=9';
  const { result } = await dvlab('describe', 'timing', platform, '--set', set);
  t.regex(result, new RegExp(`^loadUse +9 .* ${set.replaceAll('.', '\\.')}$`, 'm'));
  t.regex(result, /^trapEntry +5 +cycles .*rocket RTL.* \S*timing\/rocket\.yaml:\d+:\d+$/m);
});

const timingPlatforms = ['duvisor-2hart', 'rocket-rtl', 'rocket-firesim'] as const;

for (const name of timingPlatforms) {
  test(`describe timing of ${name} leaves no number of its timing out`, async (t) => {
    const file = bundled(name);
    const { result } = await dvlab('describe', 'timing', file, '--format', 'json');
    const described = JSON.parse(result) as TimingJson;
    const numbers = loadPlatform(file).values.filter(({ path }) => {
      return path[0] === 'harts' && path[1] === 'timing' && path.at(-1) === 'value';
    });
    t.true(numbers.length > 0);
    t.deepEqual(
      new Set(described.parameters.map(({ path, value }) => `${path} = ${String(value)}`)),
      new Set(numbers.map(({ path, text }) => `${path.slice(2, -1).join('.')} = ${text}`)),
    );
    for (const { path, unit, meaning, source, givenAt } of described.parameters) {
      t.not(unit, '', path);
      t.not(meaning, '', path);
      t.truthy(source, path);
      t.regex(givenAt, /timing\/[a-z-]+\.yaml:\d+:\d+$/, path);
    }
  });
}

interface TimingJson {
  readonly schema: string;
  readonly pipeline: string;
  readonly backEnd: string | null;
  readonly parameters: readonly {
    readonly path: string;
    readonly value: number;
    readonly unit: string;
    readonly meaning: string;
    readonly source: string | null;
    readonly givenAt: string;
  }[];
}

test('describe timing has the sections of memory, and a number that --set gave has no source', async (t) => {
  const path = 'memory.backEnd.latency';
  const set = ['--set', `harts.timing.${path}=40`];
  const json = await dvlab(
    ...['describe', 'timing', bundled('rocket-rtl'), '--format', 'json'],
    ...set,
  );
  const described = JSON.parse(json.result) as TimingJson;
  t.is(described.schema, 'dvlab-timing-1');
  t.is(described.pipeline, 'stages');
  t.is(described.backEnd, 'fixed');
  t.like(
    described.parameters.find((parameter) => parameter.path === path),
    { value: 40, source: null, givenAt: `--set harts.timing.${path}=40` },
  );
  const { result } = await dvlab('describe', 'timing', bundled('rocket-rtl'), ...set);
  t.regex(result, /^memory\.backEnd\n.*\nlatency +40 +cycles .*not stated .*=40$/m);
  t.regex(result, /^memory\.parameters$/m);
});

test('describe timing of a platform without timing says where that was decided', async (t) => {
  const set = ['--set', 'harts.timing=none'];
  const { result } = await dvlab('describe', 'timing', platform, ...set);
  t.regex(result, /^timing model: none/);
  t.regex(result, /^no memory section/m);
  t.regex(result, /^trapEntry +1 .* --set harts\.timing=none$/m);
});

test('a format that nobody knows is refused with the nearest one', async (t) => {
  const { status, remarks } = await dvlab('describe', 'timing', platform, '--format', 'jsn');
  t.is(status, 2);
  t.regex(remarks, /did you mean 'json'/);
});

test('a topic without a form for machines says which have one', async (t) => {
  const { status, remarks } = await dvlab('describe', 'csrs', '--format', 'json');
  t.is(status, 2);
  t.regex(remarks, /E-USE-005.*timing/);
});

test('check --resolved prints every value with its origin', async (t) => {
  const { result } = await dvlab(
    'check',
    platform,
    '--resolved',
    '--set',
    'harts.misaligned=hardware',
  );
  t.regex(result, /^ {2}misaligned: hardware # --set harts\.misaligned=hardware$/m);
  t.regex(result, /^quantum: exact # default$/m);
});
