import test from 'ava';
import { figureLine, figuresOf, hartFigures } from './figures.ts';
import { median, valueOf, type Result } from './result.ts';
import { tableOf } from './bench-table.ts';

const result = (
  workload: string,
  variant: string,
  value: number,
  unit: Result['unit'] = 'MIPS',
) => {
  return { workload, variant, unit, samples: [value], median: value };
};

test('the median is the middle value', (t) => {
  t.is(median([5, 1, 3]), 3);
  t.is(median([10, 9, 1, 2, 100]), 9);
});

test('a sample is worth its instructions a second, or the time of an operation', (t) => {
  const sample = { instructions: 9e6, seconds: 2 };
  t.is(valueOf({ unit: 'MIPS' }, sample), 4.5);
  t.is(valueOf({ unit: 'µs', instructionsPerOperation: 9 }, sample), 2);
  t.is(valueOf({ unit: 'ns', instructionsPerOperation: 1 }, sample), 2e9 / 9e6);
});

test('a figure is a line with name, value and unit', (t) => {
  const [figure] = figuresOf([result('loop-mix', 'auto rocket', 512.345)], []);
  t.is(figure && figureLine(figure), 'figure loop-mix/auto/rocket 512.3 MIPS');
});

test('a ratio above one means faster than the other simulator, whatever the unit', (t) => {
  const results = [
    result('loop-mix', 'auto none', 400),
    result('loop-mix', 'qemu', 800),
    result('user-trap', 'auto none', 2, 'µs'),
    result('user-trap', 'qemu', 8, 'µs'),
  ];
  t.deepEqual(figuresOf(results, ['qemu']).map(figureLine), [
    'figure loop-mix/auto/none 400.0 MIPS',
    'figure loop-mix/auto/none/qemu 0.5000 ratio',
    'figure loop-mix/qemu 800.0 MIPS',
    'figure user-trap/auto/none 2.000 µs',
    'figure user-trap/auto/none/qemu 4.000 ratio',
    'figure user-trap/qemu 8.000 µs',
  ]);
});

test('several harts are compared with one hart of the same variant', (t) => {
  const results = [
    result('harts-1', 'auto none', 400),
    result('harts-4', 'auto none', 300),
    result('harts-4', 'oracle none', 1),
  ];
  t.deepEqual(hartFigures(results).map(figureLine), [
    'figure harts-4/auto/none/harts-1 0.7500 ratio',
  ]);
});

test('the table has a line per workload and a column per variant', (t) => {
  const results = [
    result('loop-mix', 'auto none', 400),
    result('loop-mix', 'qemu', 800),
    result('user-trap', 'auto none', 2, 'µs'),
  ];
  t.deepEqual(tableOf(results), [
    'workload   unit  auto none   qemu',
    'loop-mix   MIPS      400.0  800.0',
    'user-trap  µs        2.000      -',
  ]);
});
