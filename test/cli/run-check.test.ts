import test from 'ava';
import { numericOpcodes } from '../../hw/wasm/index.ts';
import { bundled, dvlab, program } from './command-line.ts';

const oneHart = bundled('bare-1hart');
const twoHarts = bundled('duvisor-2hart');
const small = ['--set', 'memory.dram.size=1MiB'];
const finish = 'li t0, 0x100000\nli t1, 0x5555\nsw t1, 0(t0)\nself: j self\n';

/** A loop with a remainder in the middle, whose result goes to memory and nowhere else. */
const remainders = (count: number): string => `
  la s1, place
  li s0, ${String(count)}
  li s2, 5
loop:
  mul t3, s0, s0
remainder:
  remu t4, t3, s2
  andi t5, s0, 255
  slli t5, t5, 3
  add t5, t5, s1
  sd t4, 0(t5)
  li t4, 0
  addi s0, s0, -1
  bnez s0, loop
  ${finish}
  .align 12
place: .zero 2048
`;

/** Lets code that is generated meanwhile divide where it should take the remainder. */
async function withWrongRemainders<Result>(action: () => Promise<Result>): Promise<Result> {
  const opcodes = numericOpcodes as Record<string, number>;
  const right = numericOpcodes['i64.rem_u'];
  opcodes['i64.rem_u'] = numericOpcodes['i64.div_u'];
  try {
    return await action();
  } finally {
    opcodes['i64.rem_u'] = right;
  }
}

const check = (platform: string, text: string, ...flags: readonly string[]) =>
  dvlab('run', platform, ...small, '--bare', program(text), '--check', ...flags);

const blamesTheRemainder =
  /this instruction makes the difference:\n +hart \d {2}mode M .*<remainder> {2}remu t4, t3, s2\n/;

for (const [platform, name, ...flags] of [
  [oneHart, 'on one hart'],
  [twoHarts, 'on two harts that take turns', '--set', 'quantum=1000'],
] as const) {
  test.serial(`${name} engines that agree are told so`, async (t) => {
    const { status, remarks } = await check(platform, remainders(3000), ...flags);
    t.is(status, 0, remarks);
    t.regex(remarks, /passed[^]*checked: translator does what interpreter does, [\d,]+ cycles/);
  });

  test.serial(`${name} an instruction that is translated wrongly is named`, async (t) => {
    // The interpreter was generated for the test before this one, so only translations are wrong.
    const wrong = () => check(platform, remainders(3000), ...flags);
    const { status, remarks } = await withWrongRemainders(wrong);
    t.is(status, 24, remarks);
    t.regex(remarks, /E-RUN-005.*translator does not do what interpreter does/);
    t.regex(remarks, blamesTheRemainder);
    t.regex(remarks, /before +interpreter +translator\n +memory at 0x8000/);
  });
}

test.serial('an instruction that is interpreted wrongly is named', async (t) => {
  const flags = ['--engine', 'interpreter', '--set', 'harts.timing=none'];
  const wrong = () => check(oneHart, remainders(10), ...flags);
  const { status, remarks } = await withWrongRemainders(wrong);
  t.is(status, 24, remarks);
  t.regex(remarks, /E-RUN-005.*interpreter does not do what oracle does/);
  t.regex(remarks, blamesTheRemainder);
  t.regex(remarks, /before +oracle +interpreter\n +hart 0 t4 +0x0 +0x0 +0x14\n/);
  t.regex(remarks, /hart 0 instret count +10 +11 +11\n/);
  t.regex(remarks, /help: .*--max-cycles 11 /);
});

const refused = test.macro<[flags: readonly string[], remark: RegExp]>({
  exec: async (t, flags, remark) => {
    const { status, remarks } = await dvlab('run', oneHart, '--bare', program(finish), ...flags);
    t.is(status, 2, remarks);
    t.regex(remarks, remark);
  },
  title: (what) => `--check refuses ${what ?? ''}`,
});

test(
  'an engine that is checked against itself',
  refused,
  ['--engine', 'oracle', '--check', 'oracle'],
  /E-USE-007.*the engine oracle with itself/,
);
test('auto against what it stands for', refused, ['--check', 'translator'], /E-USE-007/);
test('an unknown engine', refused, ['--check', 'orcale'], /E-USE-007.*did you mean 'oracle'/);
test(
  'a commit log, for which every engine executes one by one',
  refused,
  ['--check', '--commit-log', 'log'],
  /E-USE-005.*--check/,
);

test('a checked run ends at its limits like any other', async (t) => {
  const limits = [
    ['--max-cycles', '500'],
    ['--max-instructions', '100'],
  ] as const;
  for (const limit of limits) {
    const { status, remarks } = await check(oneHart, '1: addi t0, t0, 1\nj 1b', ...limit);
    t.is(status, 22, remarks);
    t.regex(remarks, /E-RUN-002[^]*checked: translator does what interpreter does/);
  }
});
