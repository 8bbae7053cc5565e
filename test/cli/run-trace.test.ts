import test from 'ava';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundled, dvlab, program, scratch } from './command-line.ts';

const platform = bundled('duvisor-2hart');
const hello = ['run', platform, '--stack', 'duvisor', '--guest', 'hello'] as const;
const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

/** Numbers as a list of `NAME NUMBER`. */
function sumOf(list: string): number {
  return [...list.matchAll(/ (\d+)/g)].reduce((sum, [, number]) => sum + Number(number), 0);
}

test('--trace exits writes a line per VM exit whose mechanisms sum to its steps, and these to its cycles', async (t) => {
  const out = scratch('trace');
  const { status, result, remarks } = await dvlab(...hello, '--out', out, '--trace', 'exits');
  t.is(status, 0, remarks);
  t.is(result, 'Hello from the guest\n');
  const lines = read(out, 'exits.txt').trimEnd().split('\n');
  const counts = [...read(out, 'exits.csv').matchAll(/,total,(\d+),/g)].map(([, n]) => Number(n));
  t.is(
    lines.length,
    counts.reduce((sum, n) => sum + n, 0),
  );
  for (const line of lines) {
    const [span = '', hart, vm, kind, place, cycles = ''] = line.split('  ');
    t.regex(hart ?? '', /^hart \d$/);
    t.is(vm, 'vm 1');
    t.regex(kind ?? '', /^\w+ -> HU$/);
    t.regex(place ?? '', /^at 0x[0-9a-f]+ <\S+>/);
    const [start, end] = span.split('..');
    const [total, steps = ''] = cycles.split(' = ');
    t.is(Number(end) - Number(start), Number(total), line);
    let whole = 0;
    for (const [, ofStep, leaves = ''] of steps.matchAll(/\w+ (\d+) \(([^)]*)\)/g)) {
      t.is(sumOf(` ${leaves}`), Number(ofStep), line);
      whole += Number(ofStep);
    }
    t.is(whole, Number(total), line);
  }
});

test('the cycles of exit-cycles.csv sum to those of the exits, and the report shows them', async (t) => {
  const out = scratch('trace');
  const { remarks } = await dvlab(...hello, '--out', out, '--trace', 'exits');
  const [head, ...rows] = read(out, 'exit-cycles.csv').trimEnd().split('\n');
  t.is(head, 'handler,cause,exits,step,mode,mechanism,cycles');
  const cycles = rows.reduce((sum, row) => sum + Number(row.split(',').at(-1)), 0);
  const lines = read(out, 'exits.txt').trimEnd().split('\n');
  const lengths = lines.map((line) => {
    const [, start, end] = /^(\d+)\.\.(\d+)/.exec(line) ?? [];
    return Number(end) - Number(start);
  });
  t.is(
    cycles,
    lengths.reduce((sum, length) => sum + length, 0),
  );
  t.regex(remarks, /^environmentCallFromVS -> HU .* 1 exits$/m);
  t.regex(remarks, /^ {2}trap +5\.0 +VS:trap-entry 5\.0$/m);
});

test('figures are the same bytes with a trace and without, and the trace is the same twice', async (t) => {
  const [plain, one, other] = [scratch('plain'), scratch('one'), scratch('other')];
  await dvlab(...hello, '--out', plain);
  await dvlab(...hello, '--out', one, '--trace', 'exits');
  await dvlab(...hello, '--out', other, '--trace', 'exits');
  for (const name of ['stats.json', 'exits.csv', 'console.log'])
    t.is(read(plain, name), read(one, name), name);
  for (const name of ['exits.txt', 'exit-cycles.csv']) t.is(read(one, name), read(other, name));
});

test('a trace goes to the file that is named, or to standard output', async (t) => {
  const [out, file] = [scratch('trace'), scratch('trace.txt')];
  await dvlab(...hello, '--out', out, '--trace', `exits=${file}`);
  const { result } = await dvlab(...hello, '--out', out, '--trace', 'exits=-');
  const lines = readFileSync(file, 'utf8');
  t.regex(lines, /instructionGuestPageFault -> HU/);
  t.true(result.includes(lines));
});

test('a trace that nobody knows is refused with the nearest one', async (t) => {
  const { status, remarks } = await dvlab(...hello, '--trace', 'exit');
  t.is(status, 2);
  t.regex(remarks, /did you mean 'exits'/);
});

test('--check beside a trace is refused', async (t) => {
  const { status, remarks } = await dvlab(...hello, '--trace', 'exits', '--check');
  t.is(status, 2);
  t.regex(remarks, /E-USE-005.*--trace/);
});

test('a trace into a folder that is not there is refused by name', async (t) => {
  const { status, remarks } = await dvlab(...hello, '--trace', 'exits=/nowhere/x.txt');
  t.is(status, 21);
  t.regex(remarks, /E-IMG-007.*\/nowhere\/x\.txt/);
});

test('a trace of a bare run without a folder must name a file', async (t) => {
  const run = ['run', bundled('bare-1hart'), '--bare', program('nop'), '--trace', 'exits'];
  const { status, remarks } = await dvlab(...run);
  t.is(status, 2);
  t.regex(remarks, /E-USE-005.*exits=FILE/);
});
