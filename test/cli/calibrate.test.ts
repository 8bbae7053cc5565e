import test from 'ava';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inProject } from '../harness/project-root.ts';
import { dvlab, program, scratch } from './command-line.ts';

// Measures a region of a load and its user, and one with an ECALL in it; docs/timing.md, "Calibration".
const measuring = `
  la    t0, handler
  csrw  mtvec, t0
  lui   s0, 0x54000
  csrr  a2, minstret
  csrr  a0, mcycle
  ld    a4, 0(sp)
  add   a5, a4, a4
  csrr  a1, mcycle
  csrr  a3, minstret
  la    t0, first
  jal   ra, report
  csrr  a2, minstret
  csrr  a0, mcycle
  ecall
  csrr  a1, mcycle
  csrr  a3, minstret
  la    t0, second
  jal   ra, report
  sd    zero, 0x50(s0)
end: j  end
report:
  sub   a0, a1, a0
  sub   a2, a3, a2
  sd    t0, 0x20(s0)
  sd    a0, 0x28(s0)
  sd    a2, 0x30(s0)
  ret
handler:
  csrr  t0, mepc
  addi  t0, t0, 4
  csrw  mepc, t0
  mret
first:  .word 0x00646c
second: .word 0x006365
`;

function measuringProgram(): string {
  const made = program(`la sp, end\n${measuring}`);
  const named = join(dirname(made), 'measuring.elf');
  renameSync(made, named);
  return named;
}

const table = (...lines: readonly string[]): string => {
  const name = scratch('expected.csv');
  writeFileSync(name, ['program,region,cycles,instret', ...lines, ''].join('\n'));
  return name;
};

const calibrate = (elf: string, expect: string, ...more: readonly string[]) =>
  dvlab(
    'calibrate',
    ...['--elf', dirname(elf), '--expect', expect],
    ...['--platform', inProject('platforms', 'rocket-rtl.yaml'), ...more],
  );

const untimed = ['--set', 'harts.pipeline=rules', '--set', 'harts.timing=none'];

test('regions are compared one by one, and summed up by class', async (t) => {
  const json = scratch('calibration.json');
  const elf = measuringProgram();
  const expect = table('measuring,ld,3,5', 'measuring,ec,1,8', 'measuring,ld,6,5');
  const { status, result } = await calibrate(elf, expect, ...untimed, '--json', json, '--regions');
  t.is(status, 0, result);
  t.regex(result, /^measuring {2}ld +6 +3 +-50\.00 %/m);
  const { regions, classes } = JSON.parse(readFileSync(json, 'utf8')) as {
    readonly regions: readonly { readonly modelCycles: number; readonly modelInstret: number }[];
    readonly classes: readonly { readonly exact: number; readonly regions: number }[];
  };
  t.deepEqual(
    regions.map(({ modelInstret }) => modelInstret),
    [5, 8, 5],
  );
  t.like(classes, [{ exact: 1, regions: 3 }]);
});

test('other instruction counts are a failure, whatever the cycles', async (t) => {
  const { status, result } = await calibrate(measuringProgram(), table('measuring,ld,4,6'));
  t.is(status, 1);
  t.regex(result, /measuring +0\/1 +none +none +ld/);
});

test('a table in another form is refused', async (t) => {
  const { status, remarks } = await calibrate(measuringProgram(), table('measuring,ld,many,5'));
  t.is(status, 21);
  t.regex(remarks, /^error\[E-IMG-020\]: .*expected\.csv:2: not 'program,region,cycles,instret'/);
});

// The counts of the RTL lie beside the project, where they are there at all.
const reference = inProject('..', 'shared', 'rocket');
const withReference = existsSync(reference) ? test : test.skip;

interface Calibration {
  readonly classes: readonly {
    readonly name: string;
    readonly regions: number;
    readonly exact: number;
    readonly mean: number;
    readonly maximum: number;
  }[];
  readonly regions: readonly { readonly instret: number; readonly modelInstret: number }[];
}

withReference('the platform rocket-rtl counts as the RTL does', async (t) => {
  const json = scratch('reference.json');
  const platform = inProject('platforms', 'rocket-rtl.yaml');
  const { status, result } = await dvlab('calibrate', '--platform', platform, '--json', json);
  t.is(status, 0, result);
  const { classes, regions } = JSON.parse(readFileSync(json, 'utf8')) as Calibration;
  t.is(regions.length, 422);
  t.deepEqual(
    regions.filter(({ instret, modelInstret }) => instret !== modelInstret),
    [],
  );
  const isPipeline = ({ name }: { readonly name: string }): boolean =>
    /^m(?:0[1-7]|10|12)|^r warm/.test(name);
  const pipeline = classes.filter(isPipeline);
  const sum = (counts: readonly number[]): number => counts.reduce((all, each) => all + each, 0);
  const exact = sum(pipeline.map((each) => each.exact));
  t.true(exact >= 0.95 * sum(pipeline.map((each) => each.regions)), result);
  t.deepEqual(
    pipeline.filter(({ maximum }) => maximum > 0.02),
    [],
  );
  const others = classes.filter((each) => !isPipeline(each));
  t.deepEqual(
    others.filter(({ mean, maximum }) => mean > 0.01 || maximum > 0.03),
    [],
  );
});
