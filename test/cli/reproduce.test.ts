import test from 'ava';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { figureStackNames, figureStacks } from '../../cli/reproduce/figure-stacks.ts';
import { machineOf } from '../../cli/reproduce/reproduce-options.ts';
import { stackOn } from '../../cli/run/stack-kinds.ts';
import { loadPlatform } from '../../platforms/index.ts';
import { bundled, dvlab, scratch } from './command-line.ts';

interface Step {
  readonly name: string;
  readonly cycles: number;
  readonly leaves: readonly { readonly cycles: number }[];
}

interface Figure {
  readonly iterations: number;
  readonly operations: readonly {
    readonly name: string;
    readonly stacks: readonly {
      readonly stack: string;
      readonly paper: number | null;
      readonly windowed: number | null;
      readonly guestVisible: number | null;
      readonly steps?: readonly Step[];
    }[];
  }[];
}

const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

function windowOf(stacks: Figure['operations'][number]['stacks'], name: string): number {
  return stacks.find(({ stack }) => stack === name)?.windowed ?? NaN;
}

/** The figure in a folder of its own. */
async function reproduce(...flags: readonly string[]) {
  const out = scratch('fig6');
  const finished = await dvlab('reproduce', 'fig6', '--out', out, ...flags);
  return { ...finished, out };
}

const first = reproduce('--iterations', '20');

test('reproduce fig6 puts every stack beside the paper', async (t) => {
  const { status, result, remarks, out } = await first;
  t.is(status, 0, remarks);
  t.regex(result, /^ {2}stack +part +paper +ours +difference +guest-visible$/m);
  t.regex(result, /^ {2}kvm +total +6,344 +\d+\.\d +-\d+ % +\d+\.\d$/m);
  t.regex(result, /^ {2}where duvisor’s cycles went: HU issue \d+\.\d, /m);
  t.regex(result, /^ {2}kvm +total +4,692 +\d/m);
  t.regex(result, /^ {2}duvisor +total +147 +\d/m);
  t.regex(result, /^ {2}duvisor +total +184 +\d/m);
  t.true(read(out, 'fig6.svg').includes('kvm-opt'));
});

test('the stacks come in the paper’s order, and the leaves of each step sum to it', async (t) => {
  const { out } = await first;
  const { operations, iterations } = JSON.parse(read(out, 'fig6.json')) as Figure;
  t.is(iterations, 20);
  const order = [
    ...['kvm', 'kvm-opt', 'duvisor', 'duvisor-published'],
    ...['kvm-dvext', 'deprivileged', 'native'],
  ];
  for (const { name, stacks } of operations.slice(0, 3)) {
    t.deepEqual(
      stacks.map(({ stack }) => stack),
      order,
    );
    t.true(windowOf(stacks, 'deprivileged') > windowOf(stacks, 'kvm'), name);
    t.true(windowOf(stacks, 'kvm') > windowOf(stacks, 'duvisor-published'), name);
    t.true(windowOf(stacks, 'duvisor-published') > windowOf(stacks, 'duvisor'), name);
    for (const { stack, windowed, guestVisible, steps = [] } of stacks) {
      t.true((guestVisible ?? 0) > (windowed ?? 0), `${name} ${stack}`);
      const sum = steps.reduce((total, { cycles }) => total + cycles, 0);
      t.true(Math.abs(sum - (guestVisible ?? 0)) < 0.02, `${name} ${stack}`);
      for (const step of steps) {
        const leaves = step.leaves.reduce((total, { cycles }) => total + cycles, 0);
        t.true(Math.abs(leaves - step.cycles) < 0.02, `${name} ${stack} ${step.name}`);
      }
    }
  }
  for (const { name, stacks } of operations.slice(3)) {
    const exitless = windowOf(stacks, 'duvisor');
    t.true(windowOf(stacks, 'kvm') > 5 * exitless, name);
    // what differs is when the sender looks and which interrupts of the host fall into a mean of few
    t.true(Math.abs(windowOf(stacks, 'kvm-opt') - exitless) < 0.2 * exitless, name);
    t.true(windowOf(stacks, 'deprivileged') > windowOf(stacks, 'kvm'), name);
    for (const { windowed, guestVisible } of stacks) {
      t.is(windowed, guestVisible, 'the published number is the sender’s');
    }
  }
});

test('one stack alone is measured with --stack, with the same bytes each time', async (t) => {
  const { status, result, out } = await reproduce('--quick', '--stack', 'native');
  t.is(status, 0);
  t.regex(result, /^ {2}native +total +\d+\.\d$/m);
  t.notRegex(result, /not measured/);
  t.notRegex(result, /^ {2}kvm /m);
  t.regex(result, /^Figure 6: cycles of one operation, mean of 200: native on/);
  const again = await reproduce('--quick', '--stack', 'native');
  t.is(again.result, result);
  for (const name of ['fig6.json', 'fig6.csv', 'fig6.svg']) {
    t.is(read(again.out, name), read(out, name), name);
  }
});

test('rocket-firesim is the machine with such harts, on which each stack runs', (t) => {
  const path = bundled(machineOf('rocket-firesim'));
  for (const name of figureStackNames) {
    const { stack, set } = figureStacks[name];
    const platform = loadPlatform(path, { set });
    t.is(platform.harts.timing.name, 'rocket-firesim');
    t.notThrows(() => stackOn(platform, stack), name);
  }
  t.is(machineOf('duvisor-2hart'), 'duvisor-2hart');
});

test('what does not exist is refused by name', async (t) => {
  const { status, remarks } = await dvlab('reproduce', 'fig7');
  t.is(status, 2);
  t.regex(remarks, /Allowed choices are fig6/);
  const stack = await dvlab('reproduce', 'fig6', '--stack', 'xen');
  t.is(stack.status, 2);
});
