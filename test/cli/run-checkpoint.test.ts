import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { bundled, dvlab, program, scratch } from './command-line.ts';

/** Prints twenty letters through HTIF, each after a while, and passes. */
const text = `
  li s0, 20
  la s1, tohost
  li s2, 0x0101000000000061
1:
  li t0, 200
2: addi t0, t0, -1
  bnez t0, 2b
  sd s2, 0(s1)
  addi s2, s2, 1
  addi s0, s0, -1
  bnez s0, 1b
  li t0, 1
  sd t0, 0(s1)
3: j 3b
.balign 64
tohost: .dword 0
fromhost: .dword 0
`;
const file = program(text);
const run = ['run', bundled('bare-1hart'), '--bare', file];

const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

test('a run goes on from its checkpoint on another engine: figures are the same, logs continue', async (t) => {
  const [whole, rest, log, restLog] = ['whole', 'rest', 'log', 'restLog'].map(scratch);
  const first = await dvlab(
    ...[...run, '--out', String(whole), '--commit-log', String(log)],
    ...['--ckpt-at', '3k,7_000', '--ckpt-at', '1G', '--max-cycles', '2G'],
  );
  t.is(first.status, 0, first.remarks);
  const checkpoint = join(String(whole), 'cycle-7000.ckpt');
  t.true(first.remarks.includes(`checkpoint: ${checkpoint}\n`));
  t.regex(first.remarks, /checkpoints not reached before the end of the run: 1/);
  t.true(existsSync(join(String(whole), 'cycle-3000.ckpt')));
  for (const engine of ['translator', 'interpreter', 'oracle']) {
    const second = await dvlab(
      ...[...run, '--out', String(rest), '--engine', engine, '--restore', checkpoint],
      ...(engine === 'oracle' ? ['--commit-log', String(restLog)] : []),
    );
    t.is(second.status, 0, second.remarks);
    t.is(read(String(rest), 'stats.json'), read(String(whole), 'stats.json'));
    t.true(second.result.length > 0 && second.result.length < first.result.length);
    t.true(first.result.endsWith(second.result));
  }
  const lines = readFileSync(String(log), 'utf8');
  const restLines = readFileSync(String(restLog), 'utf8');
  t.true(restLines.length > 0 && restLines.length < lines.length);
  t.true(lines.endsWith(restLines));
});

test('a checkpoint is checked like any other run, and the same checkpoints are made on the way', async (t) => {
  const [whole, rest] = ['whole', 'rest'].map(scratch);
  const checkpoints = ['--ckpt-at', '3k,7k'];
  t.is((await dvlab(...run, '--out', String(whole), ...checkpoints)).status, 0);
  const restore = ['--restore', join(String(whole), 'cycle-3000.ckpt')];
  const checked = await dvlab(...run, ...restore, '--check', 'oracle');
  t.is(checked.status, 0, checked.remarks);
  const again = await dvlab(...run, ...restore, '--out', String(rest), '--ckpt-at', '7k');
  t.is(again.status, 0, again.remarks);
  t.is(read(String(rest), 'cycle-7000.ckpt'), read(String(whole), 'cycle-7000.ckpt'));
});

const refused = test.macro<[argv: readonly string[], status: number, remark: RegExp]>({
  exec: async (t, argv, status, remark) => {
    const finished = await dvlab(...run, ...argv);
    t.regex(finished.remarks, remark);
    t.is(finished.status, status);
  },
  title: (what, argv) => what ?? argv.join(' '),
});

const out = ['--out', scratch('out')];
test(
  'without a folder there is no place for checkpoints',
  refused,
  ['--ckpt-at', '5'],
  2,
  /E-USE-008.*--out/,
);
test(
  'a checkpoint behind the end of the run is refused',
  refused,
  [...out, '--ckpt-at', '11', '--max-cycles', '10'],
  2,
  /E-USE-008.*--ckpt-at 11 is never reached/,
);
test(
  'a run that is compared makes no checkpoints',
  refused,
  [...out, '--ckpt-at', '5', '--check'],
  2,
  /E-USE-005.*--ckpt-at has no effect with --check/,
);
test(
  'a checkpoint that is not there',
  refused,
  ['--restore', '/nowhere'],
  21,
  /E-IMG-001.*nowhere/,
);
test('a checkpoint that is none', refused, ['--restore', file], 21, /E-CKP-002/);
test('what a checkpoint does not fit is named: another program, another machine, a cycle that is past', async (t) => {
  const folder = scratch('folder');
  t.is((await dvlab(...run, '--out', folder, '--ckpt-at', '3k')).status, 0);
  const restore = ['--restore', join(folder, 'cycle-3000.ckpt')];
  const other = program(`nop\n${text}`);
  const another = await dvlab('run', bundled('bare-1hart'), '--bare', other, ...restore);
  t.is(another.status, 21);
  t.regex(another.remarks, /E-CKP-007/);
  const machine = await dvlab(...run, ...restore, '--set', 'clock.rtc=2 MHz');
  t.is(machine.status, 21);
  t.regex(machine.remarks, /E-CKP-005.*clock\.rtc is 2 MHz, in the checkpoint 1 MHz/);
  const past = await dvlab(...run, ...restore, ...out, '--ckpt-at', '2k');
  t.is(past.status, 2);
  t.regex(past.remarks, /E-USE-008.*--ckpt-at 2000 is past: the run goes on at cycle 3,000/);
});
