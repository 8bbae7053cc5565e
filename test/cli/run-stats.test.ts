import test from 'ava';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { figuresOf } from '../../cli/stats/figures.ts';
import type { Stats } from '../../cli/stats/stats-file.ts';
import { bundled, dvlab, program, scratch } from './command-line.ts';

const platform = bundled('duvisor-2hart');
const hello = ['run', platform, '--stack', 'duvisor', '--guest', 'hello'] as const;

/** Runs the guest `hello` and gives what its folder holds. */
async function figuresOfHello(...flags: readonly string[]) {
  const out = scratch('stats');
  await dvlab(...hello, '--out', out, ...flags);
  const stats = JSON.parse(readFileSync(join(out, 'stats.json'), 'utf8')) as Stats;
  const csv = flags.includes('--stats') ? readFileSync(join(out, 'stats.csv'), 'utf8') : '';
  return { figures: figuresOf(stats), csv };
}

/** Sum of all figures below a path. */
function sumBelow(figures: ReturnType<typeof figuresOf>, path: string): number {
  return figures
    .filter(({ name }) => name.startsWith(`${path}.`))
    .reduce((sum, { value }) => sum + value, 0);
}

test('stats.csv has a row for every number of stats.json, with its unit', async (t) => {
  const { figures, csv } = await figuresOfHello('--stats', 'json,csv');
  const [head, ...rows] = csv.trimEnd().split('\n');
  t.is(head, 'name,value,unit');
  t.is(rows.length, figures.length);
  t.is(new Set(figures.map(({ name }) => name)).size, figures.length, 'names are unique');
  for (const [index, { name, value }] of figures.entries()) {
    const [field, number, unit] = rows[index]?.split(',') ?? [];
    t.deepEqual([field, Number(number)], [name, value]);
    t.true(
      ['cycles', 'instructions', 'exits', 'events'].includes(unit ?? ''),
      `${name}: ${String(unit)}`,
    );
  }
});

test('the leaves of a hart sum to its cycles, and those of its virtual machines to the modes that serve them', async (t) => {
  const { figures } = await figuresOfHello();
  const valueOf = (path: string) => figures.find(({ name }) => name === path)?.value ?? -1;
  let guest = 0;
  for (const hart of ['hart.0', 'hart.1']) {
    t.is(sumBelow(figures, `${hart}.cycle-tree`), valueOf(`${hart}.cycles`));
    for (const mode of ['HU', 'VS', 'VU']) {
      const ofMode = sumBelow(figures, `${hart}.cycle-tree.${mode}`);
      t.is(sumBelow(figures, `${hart}.vm.1.${mode}`), ofMode);
      t.is(sumBelow(figures, `${hart}.vm`), sumBelow(figures, `${hart}.vm.1`), 'no other VM');
      guest += ofMode;
    }
  }
  t.true(guest > 0);
  t.is(sumBelow(figures, 'vm.1'), guest);
});

test('figures of VM exits are named by handler and cause', async (t) => {
  const { figures } = await figuresOfHello();
  const path = 'hart.1.exits.HU.environmentCallFromVS.total';
  t.is(figures.find(({ name }) => name === `${path}.count`)?.value, 1);
});

test('a format of figures that nobody knows is refused with the nearest one', async (t) => {
  const { status, remarks } = await dvlab(...hello, '--stats', 'json,cvs');
  t.is(status, 2);
  t.regex(remarks, /did you mean 'csv'/);
});

test('--stats without a folder to write to is refused', async (t) => {
  const bare = program('nop');
  const run = ['run', bundled('bare-1hart'), '--bare', bare, '--stats', 'csv'];
  const { status, remarks } = await dvlab(...run);
  t.is(status, 2);
  t.regex(remarks, /E-USE-005.*--out/);
});
