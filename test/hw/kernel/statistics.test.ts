import test from 'ava';
import { CycleTree, Statistics } from '../../../hw/kernel/index.ts';

test('a snapshot is nested and its names are in order', (t) => {
  const statistics = new Statistics();
  const harts = statistics.group('hart');
  for (const id of ['10', '2']) {
    harts
      .group(id)
      .counter('traps', { unit: 'traps', description: 'Traps taken.' })
      .add(Number(id));
  }
  const bus = statistics.group('bus');
  bus.counter('writes', { unit: 'accesses', description: 'Writes made.' }).add();
  bus.figure('bytes', { unit: 'bytes', description: 'Bytes moved.' }, () => 2n ** 60n + 1n);
  bus.figure('clock', { unit: 'ticks', description: 'The present.' }, () => 7n);
  t.is(
    JSON.stringify(statistics.snapshot()),
    '{"bus":{"bytes":"1152921504606846977","clock":7,"writes":1},"hart":{"2":{"traps":2},"10":{"traps":10}}}',
  );
});

test('every figure has a path, a unit and a description', (t) => {
  const statistics = new Statistics();
  statistics.group('a').counter('x', { unit: 'events', description: 'Xs.' });
  t.deepEqual(statistics.describe(), [{ path: 'a.x', unit: 'events', description: 'Xs.' }]);
});

test('the same name twice is refused', (t) => {
  const statistics = new Statistics();
  const about = { unit: '', description: '' };
  statistics.counter('x', about);
  t.throws(() => statistics.counter('x', about), { message: 'statistics: x is there already' });
  t.throws(() => statistics.group('x'), { message: 'statistics: x is there already' });
});

test('reset sets counters to zero', (t) => {
  const statistics = new Statistics();
  const counter = statistics.group('a').counter('x', { unit: '', description: '' });
  counter.add(5);
  statistics.reset();
  t.is(counter.value, 0);
});

const mechanisms = [
  { name: 'issue', description: 'An instruction issued.' },
  { name: 'walk', description: 'A page walk.' },
] as const;

test('the leaves of a cycle tree sum to what was booked', (t) => {
  const tree = new CycleTree(['U', 'HS'], mechanisms);
  tree.add(tree.leaf('U', 'issue'), 3);
  tree.add(tree.leaf('HS', 'walk'), 4);
  tree.add(tree.leaf('HS', 'walk'), 5);
  t.is(tree.sum(), 12);
  t.is(tree.sumOf('HS'), 9);
  t.is(tree.at('HS', 'walk'), 9);
  t.deepEqual(tree.snapshot(), { U: { issue: 3, walk: 0 }, HS: { issue: 0, walk: 9 } });
  tree.reset();
  t.is(tree.sum(), 0);
});

test('a leaf that is not in the tree, or is in it twice, is refused', (t) => {
  const tree = new CycleTree<string, string>(['U'], mechanisms);
  t.throws(() => tree.leaf('M', 'issue'), { message: 'cycle tree: no leaf M × issue' });
  t.throws(() => tree.leaf('U', 'none'), { message: 'cycle tree: no leaf U × none' });
  t.throws(() => new CycleTree(['U', 'U'], mechanisms), { message: /listed twice/ });
});
