import test from 'ava';
import fc from 'fast-check';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundled, dvlab, program, scratch } from './command-line.ts';

const bare = bundled('bare-1hart');
const finish = (value: number): string =>
  `li t0, 0x100000\nli t1, ${String(value)}\nsw t1, 0(t0)\n1: j 1b\n`;
const toHost = (body: string): string =>
  `${body}\n1: j 1b\n.align 6\ntohost: .dword 0\nfromhost: .dword 0\n`;

const ends = test.macro<
  [source: string, status: number, remark: RegExp, flags?: readonly string[]]
>({
  exec: async (t, source, status, remark, flags = []) => {
    const finished = await dvlab('run', bare, '--bare', program(source), ...flags);
    t.regex(finished.remarks, remark);
    t.is(finished.status, status);
  },
  title: (what) => `a program that ${what ?? ''}`,
});

test('passes through the test finisher exits 0', ends, finish(0x5555), 0, /^passed/);
test(
  'fails through the test finisher exits 1 and its code is printed',
  ends,
  finish(0x2a_3333),
  1,
  /failed with code 42/,
);
test(
  'passes through tohost exits 0',
  ends,
  toHost('la t0, tohost\nli t1, 1\nsd t1, 0(t0)'),
  0,
  /^passed \(through htif\)/,
);
test(
  'fails through tohost exits 1',
  ends,
  toHost('la t0, tohost\nli t1, 7\nsd t1, 0(t0)'),
  1,
  /failed with code 3 /,
);
test('asks for a reset exits 1', ends, finish(0x7777), 1, /asked for a reset/);
test(
  'jumps to itself for ever exits 23',
  ends,
  'spin: j spin',
  23,
  /E-RUN-004.*hart 0 jumps to itself[^]*pc 0x80000000 <spin>/,
);
test(
  'waits for nothing exits 23',
  ends,
  'idle: wfi\nj idle',
  23,
  /E-RUN-004.*waits in WFI[^]*mode M {2}pc 0x80000004 <idle\+0x4>[^]*hint:/,
);
test(
  'has a trap vector that cannot be fetched exits 23',
  ends,
  'csrw mtvec, zero\necall',
  23,
  /E-RUN-004.*trap after trap[^]*last trap: instructionAccessFault from M to M/,
);
test(
  'waits with an interrupt pending but masked is told so',
  ends,
  'li t0, 0x2000000\nli t1, 1\nsw t1, 0(t0)\nwfi\n1: j 1b',
  23,
  /mip=0x8 \(msip\)[^]*hint: an interrupt is pending but masked \(0x8 \(msip\)\)/,
);
test(
  'uses up its cycles exits 22',
  ends,
  '1: addi t0, t0, 1\nj 1b',
  22,
  /E-RUN-002.*10,\d{3} cycles[^]*hart 0 {2}mode M {2}pc 0x/,
  ['--max-cycles', '10k'],
);
test(
  'uses up its instructions exits 22',
  ends,
  '1: addi t0, t0, 1\nj 1b',
  22,
  /E-RUN-002.*hart 0 has retired 1,000 instructions[^]*hart 0 {2}mode M {2}pc 0x/,
  ['--max-instructions', '1000'],
);
test(
  'is given arguments finds them in a0 and a1',
  ends,
  `slli a1, a1, 16\nadd a1, a1, a0\n${finish(0).replace('li t1, 0', 'mv t1, a1')}`,
  1,
  /code 9 /,
  ['--entry-args', '0x3333', '9'],
);
test(
  'starts without arguments finds its hart in a0 and a device tree in a1',
  ends,
  `lwu t2, 0(a1)\nli t3, 0xedfe0dd0\nbne t2, t3, 2f\nbnez a0, 2f\n${finish(0x5555)}2: ${finish(0x1_3333)}`,
  0,
  /^passed/,
);

test('what a program sends to the UART is the standard output', async (t) => {
  const print = Array.from('ok\n')
    .map((c) => `li t1, ${String(c.charCodeAt(0))}\nsb t1, 0(t0)\n`)
    .join('');
  const source = `li t0, 0x10000000\n${print}${finish(0x5555)}`;
  const { result, status } = await dvlab('run', bare, '--bare', program(source));
  t.is(result, 'ok\n');
  t.is(status, 0);
});

test('--signature writes the words between begin_signature and end_signature', async (t) => {
  const file = scratch('signature');
  const source = `${finish(0x5555)}.align 4\nbegin_signature: .word 0x12345678\n.word 0xcafe\nend_signature: .word 1\n`;
  const { status } = await dvlab('run', bare, '--bare', program(source), '--signature', file);
  t.is(status, 0);
  t.is(readFileSync(file, 'utf8'), '12345678\n0000cafe\n');
});

test('--signature without the symbols is an error of the image', async (t) => {
  const file = scratch('signature');
  const { status, remarks } = await dvlab(
    'run',
    bare,
    '--bare',
    program(finish(0x5555)),
    '--signature',
    file,
  );
  t.is(status, 21);
  t.regex(remarks, /E-IMG-006/);
});

test("--commit-log writes a line per instruction, as Spike's --log-commits does", async (t) => {
  const file = scratch('log');
  await dvlab('run', bare, '--bare', program(finish(0x5555)), '--commit-log', file);
  const lines = readFileSync(file, 'utf8').split('\n');
  t.is(lines[0], 'core   0: 3 0x0000000000001000 (0x00000297) x5  0x0000000000001000');
  t.is(lines[5], 'core   0: 3 0x0000000080000000 (0x001002b7) x5  0x0000000000100000');
  t.true(
    lines.includes('core   0: 3 0x000000008000000c (0x0062a023) mem 0x0000000000100000 0x00005555'),
  );
});

test('a raw binary starts at the beginning of RAM', async (t) => {
  const file = scratch('raw.bin');
  // lui t0, 0x100; lui t1, 5; addi t1, t1, 0x555; sw t1, 0(t0)
  writeFileSync(
    file,
    new Uint8Array(Uint32Array.of(0x0010_02b7, 0x0000_5337, 0x5553_0313, 0x0062_a023).buffer),
  );
  t.is((await dvlab('run', bare, '--bare', file)).status, 0);
});

test('a program that lies outside the memory is refused', async (t) => {
  const { status, remarks } = await dvlab(
    'run',
    bare,
    '--bare',
    program(finish(0x5555)),
    '--set',
    'memory.dram.at=0xc000_0000',
  );
  t.is(status, 21);
  t.regex(remarks, /E-IMG-005.*segment 0x8000_0000\.\.0x8000_/);
});

for (const [what, data] of [
  ['a tohost that is not aligned', '.word 0\ntohost: .dword 0'],
  ['tohost and fromhost in one place', 'tohost:\nfromhost: .dword 0'],
  ['a tohost outside the memory', '.equ tohost, 0x1000'],
]) {
  test(`${String(what)} is an error of the image`, async (t) => {
    const file = program(`1: j 1b\n.align 3\n${String(data)}\n`);
    const { status, remarks } = await dvlab('run', bare, '--bare', file);
    t.regex(remarks, /^error\[E-IMG-008\]: symbol '(to|from)host' at 0x/);
    t.is(status, 21);
  });
}

test('--out keeps the results of a bare run, and its last traps if it did not pass', async (t) => {
  const passed = scratch('passed');
  await dvlab('run', bare, '--bare', program(finish(0x5555)), '--out', passed);
  t.deepEqual(readdirSync(passed).toSorted(), [
    'config.resolved.yaml',
    'console.log',
    'exits.csv',
    'manifest.json',
    'platform.dts',
    'stats.json',
  ]);
  const failed = scratch('failed');
  const source = `la t0, 1f\ncsrw mtvec, t0\necall\n.align 2\n1: ${finish(0x1_3333)}`;
  await dvlab('run', bare, '--bare', program(source), '--out', failed);
  const events = readFileSync(join(failed, 'last-events.txt'), 'utf8');
  t.regex(events, /^\d+ {2}hart 0 {2}M -> M {2}environmentCallFromM {2}at 0x8000000c$/m);
});

test('no file that is run makes the simulator itself fail', async (t) => {
  const small = ['--set', 'memory.dram.size=64KiB', '--max-cycles', '5k'];
  const contents = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 400 }),
    fc
      .uint8Array({ maxLength: 200 })
      .map((tail) => Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, ...tail)),
  );
  await fc.assert(
    fc.asyncProperty(contents, async (bytes) => {
      const file = scratch('random');
      writeFileSync(file, bytes);
      const { status, remarks } = await dvlab('run', bare, '--bare', file, ...small);
      t.true([0, 1, 21, 22, 23].includes(status), remarks);
    }),
    { numRuns: 30 },
  );
});

test('every engine leaves the same figures', async (t) => {
  const file = program(
    `li s0, 0\n1: addi s0, s0, 1\nli s1, 5000\nbne s0, s1, 1b\n${finish(0x5555)}`,
  );
  const figures = await Promise.all(
    ['auto', 'translator', 'interpreter', 'oracle'].map(async (engine) => {
      const folder = scratch(engine);
      const finished = await dvlab(
        'run',
        bare,
        '--bare',
        file,
        '--engine',
        engine,
        '--out',
        folder,
      );
      t.is(finished.status, 0);
      return readFileSync(join(folder, 'stats.json'), 'utf8');
    }),
  );
  t.is(new Set(figures).size, 1);
});
