import test from 'ava';
import { ClockDomain, maximumTick } from '../../../hw/kernel/index.ts';
import { Bench } from './bench.ts';

test('edges are the multiples of the period', (t) => {
  const { rtc } = new Bench();
  t.is(rtc.cycleAt(99), 0);
  t.is(rtc.cycleAt(100), 1);
  t.is(rtc.edgeAfter(99), 100);
  t.is(rtc.edgeAfter(100), 200);
  t.is(rtc.edgeFrom(100), 100);
  t.is(rtc.edgeFrom(101), 200);
  t.is(rtc.tickOf(3), 300);
});

test('an edge beyond 2^53 has no tick', (t) => {
  const { rtc } = new Bench();
  t.is(rtc.tickOf(2n ** 64n - 1n), undefined);
  t.is(rtc.tickOf(maximumTick), undefined);
  t.is(rtc.tickOf(90_071_992_547_409n), 9_007_199_254_740_900);
});

test('edges$ gives the edges from the next one on, to whoever listens', (t) => {
  const bench = new Bench();
  bench.runTo(250);
  const edges: string[] = [];
  const subscription = bench.rtc.edges$.subscribe((cycle) => {
    edges.push(`${String(cycle)} at ${String(bench.queue.now)}`);
  });
  bench.runTo(450);
  subscription.unsubscribe();
  bench.runTo(1000);
  t.deepEqual(edges, ['3 at 300', '4 at 400']);
});

test('edges that nobody listens to are no events', (t) => {
  const bench = new Bench();
  bench.runTo(1_000_000);
  t.is(bench.queue.eventCount, 0);
});

test('a period of 0 ticks is refused', (t) => {
  const { rx } = new Bench();
  t.throws(() => new ClockDomain('core', 0, rx), { message: 'clock core: the period is 0 ticks' });
});

test('a time beyond 2^53 is refused', (t) => {
  const { queue } = new Bench();
  t.throws(() => queue.at(2 ** 53, 0, () => undefined), { instanceOf: RangeError });
  t.throws(() => queue.at(-1, 0, () => undefined), { instanceOf: RangeError });
});

test('an event before the present is refused', (t) => {
  const bench = new Bench();
  bench.runTo(100);
  t.throws(() => bench.queue.at(99, 0, () => undefined), {
    message: 'event: tick 99 is before the present 100',
  });
});
