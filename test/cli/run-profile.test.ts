import test from 'ava';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { figuresOf } from '../../cli/stats/figures.ts';
import type { Stats } from '../../cli/stats/stats-file.ts';
import { bundled, dvlab, program, scratch } from './command-line.ts';

const platform = bundled('duvisor-2hart');
const hello = ['run', platform, '--stack', 'duvisor', '--guest', 'hello'] as const;
const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

/** Lines of a table without its head. */
function rowsOf(folder: string, name: string): readonly string[] {
  return read(folder, name)
    .trimEnd()
    .split('\n')
    .slice(name.endsWith('.csv') ? 1 : 0);
}

test('--profile folded writes a line per stack, whose cycles are those of the cycle tree, leaf by leaf', async (t) => {
  const out = scratch('profile');
  const { status, result, remarks } = await dvlab(...hello, '--out', out, '--profile', 'folded');
  t.is(status, 0, remarks);
  t.is(result, 'Hello from the guest\n');
  const sums = new Map<string, number>();
  for (const line of rowsOf(out, 'profile.folded')) {
    const [, frames = '', cycles] = /^(\S+) (\d+)$/.exec(line) ?? [];
    const parts = frames.split(';');
    const [hart = '', mode = ''] = parts;
    const leaf = `${hart}.cycle-tree.${mode}.${parts.at(-1)}`;
    sums.set(leaf, (sums.get(leaf) ?? 0) + Number(cycles));
  }
  const stats = JSON.parse(read(out, 'stats.json')) as Stats;
  const leaves = figuresOf(stats).filter(({ name }) => /^hart\.\d\.cycle-tree\./.test(name));
  t.true(leaves.length > 0);
  for (const { name, value } of leaves) t.is(sums.get(name) ?? 0, value, name);
});

test('functions of every image are named, each below the one that called it', async (t) => {
  const out = scratch('profile');
  await dvlab(...hello, '--out', out, '--profile', 'folded');
  const folded = read(out, 'profile.folded');
  for (const start of [
    'hart.0;M;firmware;reset;',
    'hart.1;HS;host;trap_vector;host/trap/onTrap;',
    'hart.0;U;duvisor;process_start;',
    'hart.1;HU;duvisor;run_guest;duvisor/exits/dispatch/handle_exit;',
    'hart.1;VS;vm.1;hello;guest_start;guest/hello/main/main;',
  ]) {
    t.true(folded.includes(`\n${start}`) || folded.startsWith(start), start);
  }
});

test('functions.csv has the same cycles by function, and how often each was entered', async (t) => {
  const out = scratch('profile');
  await dvlab(...hello, '--out', out, '--profile', 'folded');
  t.regex(read(out, 'functions.csv'), /^hart,mode,vm,image,function,mechanism,cycles,times\n/);
  const rows = rowsOf(out, 'functions.csv').map((row) => row.split(','));
  const cycles = rows.reduce((sum, row) => sum + Number(row.at(-2)), 0);
  const folded = rowsOf(out, 'profile.folded').reduce((sum, line) => {
    return sum + Number(line.split(' ').at(-1));
  }, 0);
  t.is(cycles, folded);
  const issued = rows.filter((row) => row[5] === 'issue');
  t.is(
    issued.reduce((sum, row) => sum + Number(row[7]), 0),
    issued.reduce((sum, row) => sum + Number(row[6]), 0),
    'an instruction issues in one cycle',
  );
  t.true(rows.some((row) => row.slice(3).join() === 'hello,guest/hello/main/main,entry,0,1'));
});

test('figures are the same bytes with a profile and without, and the profile is the same twice', async (t) => {
  const [plain, one, other] = [scratch('plain'), scratch('one'), scratch('other')];
  await dvlab(...hello, '--out', plain);
  await dvlab(...hello, '--out', one, '--profile', 'folded', '--trace', 'exits');
  await dvlab(...hello, '--out', other, '--profile', 'folded');
  for (const name of ['stats.json', 'exits.csv', 'console.log'])
    t.is(read(plain, name), read(one, name), name);
  for (const name of ['profile.folded', 'functions.csv']) t.is(read(one, name), read(other, name));
});

test('a profile goes to the file that is named, or to standard output', async (t) => {
  const [out, file] = [scratch('profile'), scratch('profile.txt')];
  await dvlab(...hello, '--out', out, '--profile', `folded=${file}`);
  const { result } = await dvlab(...hello, '--out', out, '--profile', 'folded=-');
  t.is(result, `Hello from the guest\n${readFileSync(file, 'utf8')}`);
});

test('a bare program without symbols is profiled by mode and mechanism', async (t) => {
  const bare = program('nop\nnop\nli t0, 0x100000\nli t1, 0x5555\nsw t1, 0(t0)');
  const run = ['run', bundled('bare-1hart'), '--bare', bare, '--profile', 'folded=-'];
  const { status, result } = await dvlab(...run);
  t.is(status, 0);
  t.regex(result, /^hart\.0;M;\S+;outside;issue \d+$/m);
});

test('a form of profile that nobody knows is refused with the nearest one', async (t) => {
  const { status, remarks } = await dvlab(...hello, '--profile', 'fold');
  t.is(status, 2);
  t.regex(remarks, /did you mean 'folded'/);
});

test('--check beside a profile is refused', async (t) => {
  const { status, remarks } = await dvlab(...hello, '--profile', 'folded', '--check');
  t.is(status, 2);
  t.regex(remarks, /E-USE-005.*--profile/);
});

test('a profile of a bare run without a folder must name a file', async (t) => {
  const run = ['run', bundled('bare-1hart'), '--bare', program('nop'), '--profile', 'folded'];
  const { status, remarks } = await dvlab(...run);
  t.is(status, 2);
  t.regex(remarks, /E-USE-005.*folded=FILE/);
});
