import test from 'ava';
import { memoryKinds } from '../../hw/memory/index.ts';
import { timingParameters } from '../../hw/timing/index.ts';
import { csrs, instructions } from '../../hw/isa/index.ts';
import { knobNames } from '../../hw/dv-ext/index.ts';
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

test('describe timing shows the value, its source and the line or --set that gave it', async (t) => {
  const set = 'harts.timing.parameters.loadUse=9';
  const { result } = await dvlab('describe', 'timing', platform, '--set', set);
  t.regex(result, new RegExp(`^loadUse +9 .* ${set.replaceAll('.', '\\.')}$`, 'm'));
  t.regex(result, /^trapEntry +5 +cycles .*rocket RTL.* \S*timing\/rocket\.yaml:\d+:\d+$/m);
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
