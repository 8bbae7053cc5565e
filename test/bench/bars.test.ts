import test from 'ava';
import { readFileSync } from 'node:fs';
import { inProject } from '../harness/project-root.ts';
import { bars, barLines } from './bars.ts';
import { memoryFigures } from './start.ts';

test('a bar says whether its figure reaches it, if it was measured', (t) => {
  const figures = [
    { name: 'loop-mix/auto/none', value: 799, unit: 'MIPS' },
    { name: 'pointer-chase/auto/rocket', value: 600, unit: 'ns' },
    { name: 'cold-mix/oracle/none', value: 1, unit: 'MIPS' },
  ];
  t.deepEqual(barLines(figures), [
    'missed: loop-mix/auto/none 799.0, ≥ 800 MIPS',
    'reached: pointer-chase/auto/rocket 600.0, ≤ 600 ns',
  ]);
});

test('the memory of npm start is measured in all, and above the RAM of its platform', (t) => {
  const [peak, aboveRam] = memoryFigures(300 * 2 ** 20);
  t.deepEqual(peak, { name: 'start/peak-memory', value: 300, unit: 'MiB' });
  t.deepEqual(aboveRam, {
    name: 'start/memory-above-ram',
    value: (44 * 2 ** 20) / 1e6,
    unit: 'MB',
  });
  t.true(bars.some(({ figure }) => figure === aboveRam?.name));
});

test('docs/bench.md lists every bar', (t) => {
  const page = readFileSync(inProject('docs', 'bench.md'), 'utf8').replaceAll(/ +/g, ' ');
  for (const { figure, comparison, limit, unit } of bars) {
    const row = `| \`${figure}\` | ${comparison} ${String(limit)} ${unit} |`;
    t.true(page.includes(row), row);
  }
});
