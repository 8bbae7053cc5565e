import test from 'ava';
import { mergeSummaries, exitTable } from '../../cli/exits/exit-table.ts';
import { groupDigits, textTable } from '../../cli/text-table.ts';
import { exitSteps, type ExitSummary, type Spread } from '../../hw/hart/index.ts';

function summary(cause: string, total: Spread): ExitSummary {
  const steps = Object.fromEntries(exitSteps.map((step) => [step, total]));
  return { handler: 'HU', cause, total, steps: steps as ExitSummary['steps'] };
}

const one = { count: 1, min: 10, mean: 10, max: 10 };
const three = { count: 3, min: 20, mean: 30, max: 40 };

test('exits of one kind that several harts saw are one row', (t) => {
  const merged = mergeSummaries([summary('b', one), summary('a', one), summary('b', three)]);
  t.deepEqual(
    merged.map(({ cause, total }) => [cause, total]),
    [
      ['a', one],
      ['b', { count: 4, min: 10, mean: 25, max: 40 }],
    ],
  );
});

test('a step that always takes the same is one number', (t) => {
  const rows = exitTable([summary('a', one), summary('b', three)]);
  t.regex(rows[2] ?? '', /^a +HU +1 +10 +10\.0 +10( +10){7}$/);
  t.regex(rows[3] ?? '', /^b +HU +3 +20 +30\.0 +40( +20 \/ 30\.0 \/ 40){7}$/);
});

test('columns are as wide as their widest cell', (t) => {
  t.deepEqual(
    textTable(
      [
        ['a', 'bb', 'c'],
        ['aaa', 'b', ''],
      ],
      [1],
    ),
    ['a    bb  c', 'aaa   b'],
  );
  t.is(groupDigits(1_234_567), '1,234,567');
  t.is(groupDigits(12n), '12');
});
