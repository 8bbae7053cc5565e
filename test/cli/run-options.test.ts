import test from 'ava';
import { readFileSync } from 'node:fs';
import { bundled, dvlab, program, scratch } from './command-line.ts';

const bare = ['run', bundled('bare-1hart'), '--bare', program('1: j 1b')];
const onStack = (name: string) => [
  'run',
  bundled('duvisor-2hart'),
  ...['--stack', name, '--guest', 'hello'],
];
const duvisor = onStack('duvisor');

const refused = test.macro<[argv: readonly string[], remark: RegExp]>({
  exec: async (t, argv, remark) => {
    const { status, remarks, result } = await dvlab(...argv, '--max-cycles', '100');
    t.regex(remarks, remark);
    t.is(status, 2);
    t.is(result, '');
  },
  title: (what, argv) => what ?? argv.join(' '),
});

for (const [name, argv, flags] of [
  ['--vcpus', bare, ['--vcpus', '1']],
  ['--memory', bare, ['--memory', '64MiB']],
  ['--append', bare, ['--append', 'word']],
  ['--megapages', bare, ['--megapages']],
  ['--vcpus', onStack('firmware'), ['--vcpus', '2']],
  ['--memory', onStack('firmware'), ['--memory', '64MiB']],
  ['--signature', duvisor, ['--signature', 'file']],
  ['--entry-args', duvisor, ['--entry-args', '1']],
] as const) {
  const run = argv.slice(2, 4).join(' ').replace(/ \/.*/, '');
  const remark = new RegExp(`E-USE-005.*${name} has no effect with --`);
  test(`${name} has no effect with ${run}, so it is refused`, refused, [...argv, ...flags], remark);
}

for (const [size, remark] of [
  ['4194305', /E-USE-006.*is not a multiple of 4 KiB/],
  ['2MiB', /E-USE-006.*--memory 2 MiB is less than 4 MiB/],
  ['64GiB', /E-USE-006.*does not fit in the RAM of duvisor-2hart/],
] as const) {
  test(
    `a guest of ${size} is refused before anything boots`,
    refused,
    [...duvisor, '--memory', size],
    remark,
  );
}
test(
  'a guest of 9 virtual CPUs is refused',
  refused,
  [...duvisor, '--vcpus', '9'],
  /E-USE-006.*1\.\.8/,
);
test(
  'a command line of two words is refused',
  refused,
  [...duvisor, '--append', 'a b'],
  /one word/,
);

test('--commit-log works with a stack too', async (t) => {
  const file = scratch('log');
  const flags = ['--commit-log', file, '--max-cycles', '100', '--out', scratch('run')];
  const { status } = await dvlab(...duvisor, ...flags);
  t.is(status, 22);
  const [first] = readFileSync(file, 'utf8').split('\n');
  t.is(first, 'core   0: 3 0x0000000000001000 (0x00000297) x5  0x0000000000001000');
});

test('--append gives the guest its command line, and --megapages goes with it', async (t) => {
  const flags = ['--append', 'trap-storm:1', '--megapages', '--out', scratch('run')];
  const argv = duvisor.map((word) => (word === 'hello' ? 'chaos' : word));
  const { status, result, remarks } = await dvlab(...argv, ...flags);
  t.is(status, 0, remarks);
  t.regex(result, /chaos: trap-storm:1/);
});

test('the help names the shape of a guest that was given none', async (t) => {
  const { result } = await dvlab('run', '--help');
  t.regex(result, /virtual CPUs of the guest \(default: 1\)/);
  t.regex(result, /the guest's memory \(default: 64MiB\)/);
});
