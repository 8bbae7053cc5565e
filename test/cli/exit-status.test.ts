import test from 'ava';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { inProject, projectRoot } from '../harness/project-root.ts';
import { bundled, dvlab, program, scratch } from './command-line.ts';

const executable = inProject('bin', 'dvlab.mjs');

const exits = test.macro<[argv: readonly string[], status: number, remark: RegExp]>({
  exec: async (t, argv, status, remark) => {
    const finished = await dvlab(...argv);
    t.is(finished.status, status);
    t.regex(finished.remarks, remark);
    t.notRegex(finished.remarks, /\n {4}at /, 'no stack trace for a mistake of the user');
  },
  title: (what, argv) => what ?? argv.join(' '),
});

const platform = bundled('duvisor-2hart');

test('a valid platform exits 0', exits, ['check', platform], 0, /^duvisor-2hart: valid/);
test(
  'an invalid platform exits 20',
  exits,
  ['check', inProject('test/platforms/errors/unknown-key.yaml')],
  20,
  /E-CFG-003/,
);
test(
  'a --set that the platform does not have exits 20',
  exits,
  ['check', platform, '--set', 'a=1'],
  20,
  /E-CFG-011/,
);
test('a platform that does not exist exits 21', exits, ['check', 'nowhere.yaml'], 21, /E-IMG-001/);
test(
  'a program that does not exist exits 21',
  exits,
  ['run', platform, '--bare', 'nowhere.elf'],
  21,
  /E-IMG-001.*nowhere\.elf/,
);
test(
  'a signature that cannot be written exits 21',
  exits,
  [
    'run',
    platform,
    '--bare',
    program('1: j 1b'),
    '--max-cycles',
    '100',
    '--commit-log',
    '/nowhere/log',
  ],
  21,
  /E-IMG-007/,
);
test('an unknown command exits 2', exits, ['chek'], 2, /unknown command 'chek'/);
test('an unknown option exits 2', exits, ['check', platform, '--sett', 'a=1'], 2, /unknown option/);
test('a missing argument exits 2', exits, ['check'], 2, /missing required argument/);
test(
  'a count that is none exits 2',
  exits,
  ['run', platform, '--bare', 'x', '--max-cycles', 'many'],
  2,
  /positive count/,
);
test('run without saying what exits 2', exits, ['run', platform], 2, /E-USE-001/);
test(
  'an unknown stack exits 2',
  exits,
  ['run', platform, '--stack', 'xen', '--guest', 'hello'],
  2,
  /E-USE-002/,
);
test(
  'a stack on a platform without DV-Ext exits 2',
  exits,
  ['run', bundled('no-dv-2hart'), '--stack', 'duvisor', '--guest', 'hello'],
  2,
  /E-USE-003[^]*no-dv-2hart\.yaml/,
);
for (const [name, stack, knob] of [
  ['prototype-2hart', 'duvisor', 'guestTime: delta'],
  ['fork-2hart', 'duvisor', 'pmc.kind: ranges'],
  ['fork-2hart', 'kvm-opt', 'posting.interface: vitr'],
  ['duvisor-2hart', 'kvm', 'pmc.kind: none'],
] as const) {
  test(
    `${stack} on the variant of DV-Ext of ${name} exits 2`,
    exits,
    ['run', bundled(name), '--stack', stack, '--guest', 'hello'],
    2,
    new RegExp(`E-USE-003[^]*needs ${knob}[^]*${name}\\.yaml`),
  );
}
test(
  'an unknown guest exits 21 and names the nearest',
  exits,
  ['run', platform, '--stack', 'duvisor', '--guest', 'helo'],
  21,
  /E-IMG-001.*did you mean 'hello'/,
);
test('an unknown topic exits 2', exits, ['describe', 'nothing'], 2, /Allowed choices/);

test('--help is no mistake', async (t) => {
  const { status, result } = await dvlab('--help');
  t.is(status, 0);
  t.regex(result, /Usage: dvlab[^]*run[^]*check[^]*describe[^]*Exit status:/);
});

test('--version prints the version of the package', async (t) => {
  const { status, result } = await dvlab('--version');
  t.is(status, 0);
  t.regex(result, /^\d+\.\d+\.\d+\n$/);
});

test('the executable passes the exit status on', (t) => {
  const { status, stderr } = spawnSync(process.execPath, [executable, 'check', 'nowhere.yaml'], {
    encoding: 'utf8',
    cwd: projectRoot,
  });
  t.is(status, 21);
  t.regex(stderr, /error\[E-IMG-001\]: cannot read 'nowhere.yaml'/);
});

test('a program that is a damaged ELF file exits 21', async (t) => {
  const file = scratch('cut.elf');
  writeFileSync(file, readFileSync(program('1: j 1b')).subarray(0, 80));
  const { status, remarks } = await dvlab('run', platform, '--bare', file);
  t.is(status, 21);
  t.regex(remarks, /E-IMG-003.*outside the file/);
});

test('an interrupted run exits 130 and says that its results so far are valid', async (t) => {
  const file = program('li t0, 0x10000000\nsb t0, 0(t0)\n1: addi t0, t0, 1\nj 1b');
  const argv = [executable, 'run', 'bare-1hart', '--bare', file];
  const child = spawn(process.execPath, argv, {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let remarks = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (remarks += text));
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  const [status] = (await once(child, 'close')) as [number | null];
  t.is(status, 130);
  t.regex(remarks, /stopped by SIGINT/);
});
