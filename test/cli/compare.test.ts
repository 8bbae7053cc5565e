import test from 'ava';
import { cpSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison } from '../../cli/compare/comparison.ts';
import { bundled, dvlab, scratch } from './command-line.ts';

const platform = bundled('duvisor-2hart');

const runs = new Map<string, Promise<string>>();

/** The folder of a run of the guest `hello`, which is not made again. */
function hello(...flags: readonly string[]): Promise<string> {
  const key = flags.join(' ');
  const folder = runs.get(key) ?? runHello(flags);
  runs.set(key, folder);
  return folder;
}

async function runHello(flags: readonly string[]): Promise<string> {
  const out = scratch('run');
  const run = ['run', platform, '--stack', 'duvisor', '--guest', 'hello'];
  await dvlab(...run, '--out', out, ...flags);
  return out;
}

const watched = ['--profile', 'folded', '--trace', 'exits'] as const;
const dearerTraps = ['--set', 'harts.timing.parameters.trapEntry=9'] as const;

async function comparisonOf(a: string, b: string): Promise<Comparison> {
  const { result } = await dvlab('compare', a, b, '--format', 'json');
  const comparison = JSON.parse(result) as Comparison & { readonly schema: string };
  if (comparison.schema !== 'dvlab-compare-1') throw new Error(comparison.schema);
  return comparison;
}

function sum(list: readonly { readonly difference: number }[]): number {
  return list.reduce((total, { difference }) => total + difference, 0);
}

test('the leaves that make the difference sum to that of the harts, and say how often they were booked', async (t) => {
  const [a, b] = [await hello(...watched), await hello(...watched, ...dearerTraps)];
  const { totals, leaves, configuration, functions } = await comparisonOf(a, b);
  const harts = totals.filter(({ name }) => /^hart\.\d\.cycles$/.test(name));
  t.is(harts.length, 2);
  t.true(sum(harts) > 0);
  t.is(sum(leaves), sum(harts));
  t.is(sum(functions ?? []), sum(harts));
  const trap = leaves.find(({ name }) => name === 'hart.1 VS trap-entry');
  t.like(trap, { a: 25, b: 45, difference: 20, timesA: 5, timesB: 5 });
  const sizes = leaves.map(({ difference }) => Math.abs(difference));
  t.deepEqual(
    sizes,
    sizes.toSorted((one, other) => other - one),
    'the largest comes first',
  );
  t.deepEqual(configuration, [{ path: 'harts.timing.parameters.trapEntry', a: '5', b: '9' }]);
});

test('a difference of VM exits is split into how many there were and what one costs', async (t) => {
  const [a, b] = [await hello(...watched), await hello(...watched, ...dearerTraps)];
  const { exits, steps } = await comparisonOf(a, b);
  for (const { difference, byCount, byCost } of [...exits, ...steps])
    t.is(Math.round(byCount + byCost), difference);
  t.is(sum(steps), sum(exits));
  const name = 'storeGuestPageFault -> HU trap VS:trap-entry';
  const step = steps.find((each) => each.name === name);
  t.like(step, { countA: 2, countB: 2, meanA: 5, meanB: 9, difference: 8, byCost: 8 });
});

test('runs that nobody watched are compared by leaves and steps, and a hint says what is missing', async (t) => {
  const [a, b] = [await hello(), await hello(...dearerTraps)];
  const { status, result } = await dvlab('compare', a, b, '--top', '3');
  t.is(status, 0);
  t.regex(result, /^what was changed\n {2}harts\.timing\.parameters\.trapEntry: 5 -> 9$/m);
  t.regex(result, /^hart\.0\.cycles +[\d,]+ +[\d,]+ +\+\d+ +\+0\.\d\d %$/m);
  t.regex(result, /^storeGuestPageFault -> HU trap +\+8 +2 +2 +5\.0 +9\.0 +0 +\+8$/m);
  t.regex(result, /^… \d+ more, together [+-]?[\d,]+$/m);
  t.regex(result, /^hint: .*--profile folded --trace exits/m);
  t.notRegex(result, /^functions/m);
});

test('two runs of the same have no difference', async (t) => {
  const [a, b] = [await hello(), await runHello([])];
  const { result } = await dvlab('compare', a, b);
  t.regex(result, /^no difference in any cycle$/m);
  t.notRegex(result, /what was changed|leaves|VM exits|hint/);
  t.deepEqual((await comparisonOf(a, b)).leaves, []);
});

test('--metric compares the figures of these names', async (t) => {
  const [a, b] = [await hello(), await hello(...dearerTraps)];
  const { result } = await dvlab('compare', a, b, '--metric', 'hart.*.VS.trap-entry');
  t.regex(result, /^hart\.1\.cycle-tree\.VS\.trap-entry +25 +45 +20$/m);
  const json = await dvlab('compare', a, b, '--metric', 'machine.cycles', '--format', 'json');
  const { figures } = JSON.parse(json.result) as { readonly figures: readonly object[] };
  t.is(figures.length, 1);
});

test('a figure that is not there is refused with the nearest one', async (t) => {
  const a = await hello();
  const { status, remarks } = await dvlab('compare', a, a, '--metric', 'machine.cycle');
  t.is(status, 2);
  t.regex(remarks, /E-USE-009.*did you mean 'machine\.cycles'/);
});

test('a folder that is none of a run is refused with the nearest one that is', async (t) => {
  const parent = scratch('runs');
  cpSync(await hello(), join(parent, 'before'), { recursive: true });
  const { status, remarks } = await dvlab('compare', join(parent, 'befor'), join(parent, 'before'));
  t.is(status, 21);
  t.regex(remarks, /E-IMG-001.*did you mean '.*before'/);
});

test('@1 is the last run of a folder, @2 the one before', async (t) => {
  const parent = scratch('runs');
  const run = await hello();
  for (const [index, name] of ['old', 'new'].entries()) {
    cpSync(run, join(parent, name), { recursive: true });
    utimesSync(join(parent, name, 'stats.json'), 1000 + index, 1000 + index);
  }
  const { result } = await dvlab('compare', join(parent, '@2'), join(parent, '@1'));
  t.regex(result, /^A: .*old\nB: .*new\n/);
  const { status, remarks } = await dvlab('compare', join(parent, '@3'), join(parent, '@1'));
  t.is(status, 21);
  t.regex(remarks, /holds the folders of 2 runs/);
});

test('figures of another schema, and a file that is no JSON, are refused', async (t) => {
  for (const [text, message] of [
    [
      '{"schema":"dvlab-stats-0"}',
      /E-IMG-012.*expected the schema 'dvlab-stats-1', found 'dvlab-stats-0'/,
    ],
    ['{}', /found none/],
    ['{', /E-IMG-012.*is not JSON/],
  ] as const) {
    const folder = scratch('damaged');
    mkdirSync(folder);
    writeFileSync(join(folder, 'stats.json'), text);
    const { status, remarks } = await dvlab('compare', folder, folder);
    t.is(status, 21);
    t.regex(remarks, message);
  }
});

test('a name with commas in functions.csv is one name', async (t) => {
  const a = await hello(...watched);
  const b = scratch('copy');
  cpSync(a, b, { recursive: true });
  const rows = readFileSync(join(b, 'functions.csv'), 'utf8');
  const line = '0,M,,firmware,"f(int, ""x"")",issue,7,7\n';
  writeFileSync(join(b, 'functions.csv'), rows + line);
  const { functions } = await comparisonOf(a, b);
  t.deepEqual(
    functions?.map(({ name, difference }) => [name, difference]),
    [['M firmware f(int, "x")', 7]],
  );
});
