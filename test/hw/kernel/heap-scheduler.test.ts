import test from 'ava';
import {
  asyncScheduler,
  concat,
  delay,
  interval,
  map,
  NEVER,
  of,
  Subject,
  take,
  timeout,
  timer,
  toArray,
  type Observable,
} from 'rxjs';
import { Bench } from './bench.ts';

/** Everything a stream does, with the simulated time at which it does it. */
function record(bench: Bench, source$: Observable<unknown>): string[] {
  const log: string[] = [];
  const note = (what: string): void => {
    log.push(`${String(bench.queue.now)}: ${what}`);
  };
  source$.subscribe({
    next: (value) => {
      note(String(value));
    },
    error: (error: unknown) => {
      note(error instanceof Error ? error.name : 'error');
    },
    complete: () => {
      note('end');
    },
  });
  return log;
}

test('interval counts ticks', (t) => {
  const bench = new Bench();
  const log = record(bench, interval(10, bench.rx).pipe(take(3)));
  bench.runTo(1000);
  t.deepEqual(log, ['10: 0', '20: 1', '30: 2', '30: end']);
  t.is(bench.queue.nextTime, Infinity);
});

test('delay shifts values in simulated time', (t) => {
  const bench = new Bench();
  const log = record(bench, of('a', 'b').pipe(delay(25, bench.rx)));
  bench.runTo(24);
  t.deepEqual(log, []);
  bench.runTo(100);
  t.deepEqual(log, ['25: a', '25: b', '25: end']);
});

test('timeout raises its error after the given ticks, and not if a value came in time', (t) => {
  const bench = new Bench();
  const late = record(bench, NEVER.pipe(timeout({ each: 50, scheduler: bench.rx })));
  const timely = record(
    bench,
    timer(30, bench.rx).pipe(timeout({ each: 50, scheduler: bench.rx })),
  );
  bench.runTo(100);
  t.deepEqual(late, ['50: TimeoutError']);
  t.deepEqual(timely, ['30: 0', '30: end']);
});

test('unsubscribing takes the pending event back', (t) => {
  const bench = new Bench();
  const subscription = interval(10, bench.rx).subscribe();
  bench.runTo(15);
  subscription.unsubscribe();
  t.is(bench.queue.nextTime, Infinity);
});

test('work at the same tick keeps its order', (t) => {
  const bench = new Bench();
  const log: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    bench.rx.schedule(() => log.push(name), 5);
  }
  bench.runTo(10);
  t.deepEqual(log, ['a', 'b', 'c']);
});

test('an error thrown by work reaches whoever runs the simulation', (t) => {
  const bench = new Bench();
  bench.rx.schedule(() => {
    throw new Error('broken work');
  }, 5);
  t.throws(
    () => {
      bench.runTo(10);
    },
    { message: 'broken work' },
  );
});

test('a delay that is not a whole number of ticks is refused', (t) => {
  const bench = new Bench();
  t.throws(() => bench.rx.schedule(() => undefined, 0.5), { instanceOf: RangeError });
});

test('the host clock has no part in it', (t) => {
  const bench = new Bench();
  const before = asyncScheduler.now();
  const log = record(
    bench,
    concat(timer(2 ** 40, bench.rx).pipe(map(() => 'far')), new Subject()).pipe(take(1), toArray()),
  );
  bench.runTo(2 ** 41);
  t.deepEqual(log, [`${String(2 ** 40)}: far`, `${String(2 ** 40)}: end`]);
  t.true(asyncScheduler.now() - before < 10_000);
});
