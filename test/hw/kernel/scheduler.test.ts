import test from 'ava';
import fc from 'fast-check';
import { interval } from 'rxjs';
import {
  defineDevice,
  line,
  output,
  Scheduler,
  type Quantum,
  type Runner,
} from '../../../hw/kernel/index.ts';
import { Bench } from './bench.ts';

/** A runner whose steps are scripted: each has a cost in ticks and may do something when it starts. */
class ScriptRunner implements Runner {
  readonly id: number;
  localTime = 0;
  isWaiting = false;
  line = false;
  runCount = 0;
  readonly #step: (runner: ScriptRunner) => number;
  #bound = 0;

  constructor(id: number, step: (runner: ScriptRunner) => number) {
    this.id = id;
    this.#step = step;
  }

  runUntil(tick: number): void {
    this.#bound = tick;
    this.runCount++;
    while (!this.isWaiting && this.localTime < this.#bound) {
      this.localTime += this.#step(this);
    }
  }

  shorten(tick: number): void {
    this.#bound = Math.min(this.#bound, tick);
  }

  wake(tick: number): void {
    if (this.isWaiting && this.line) {
      this.isWaiting = false;
      this.localTime = Math.max(this.localTime, tick);
    }
  }
}

const bell = defineDevice({
  kind: 'bell',
  summary: 'A register whose bit 0 is a line.',
  size: 4,
  ports: { ring: output(line) },
  reset: { ringing: false },
  registers: {
    ring: {
      offset: 0,
      bytes: 4,
      read: ({ ringing }) => (ringing ? 1 : 0),
      write: (draft, value) => {
        draft.ringing = (value & 1) === 1;
      },
    },
  },
  drive: ({ ringing }) => ({ ring: ringing }),
});

function schedule(bench: Bench, runners: readonly Runner[], quantum: Quantum = 'exact'): Scheduler {
  return new Scheduler(bench.queue, runners, quantum);
}

test('steps begin in the order of local time, at equal times by id, whatever they cost', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 30 }), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.boolean(),
      (costs, isReversed) => {
        const bench = new Bench();
        const starts: { time: number; id: number }[] = [];
        const runners = costs.map((list, id) => {
          let next = 0;
          return new ScriptRunner(id, ({ localTime }) => {
            starts.push({ time: localTime, id });
            return list[next++ % list.length] ?? 1;
          });
        });
        schedule(bench, isReversed ? runners.toReversed() : runners).run(200);
        t.deepEqual(
          starts,
          starts.toSorted((a, b) => a.time - b.time || a.id - b.id),
        );
        t.true(runners.every(({ localTime }) => localTime >= 200));
      },
    ),
    { numRuns: 40 },
  );
});

test('a line that a runner raises at tick n is seen by every step that begins after n, whatever the ids', (t) => {
  for (const [writer, reader] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const bench = new Bench();
    const device = bench.circuit.add('bell', bell, undefined);
    bench.circuit.start();
    const writing = new ScriptRunner(writer, ({ localTime }) => {
      if (localTime === 50) {
        device.write(0, 4, 1n);
      }
      return 5;
    });
    const seen: number[] = [];
    const reading = new ScriptRunner(reader, (runner) => {
      if (runner.line) {
        seen.push(runner.localTime);
      }
      return 1;
    });
    bench.circuit.output('bell.ring').connect((value, tick) => {
      reading.line = value === true;
      reading.wake(tick);
    });
    schedule(bench, [writing, reading]).run(60);
    t.is(seen[0], 51);
  }
});

test('a waiting runner costs nothing and goes on at the tick of the event that wakes it', (t) => {
  const bench = new Bench();
  const device = bench.circuit.add('bell', bell, undefined);
  bench.circuit.start();
  const wokenAt: number[] = [];
  const sleeper = new ScriptRunner(1, (runner) => {
    if (runner.line) {
      wokenAt.push(runner.localTime);
      device.write(0, 4, 0n);
    }
    runner.line = false;
    runner.isWaiting = true;
    return 1;
  });
  bench.circuit.output('bell.ring').connect((value, tick) => {
    sleeper.line = value === true;
    sleeper.wake(tick);
  });
  interval(100, bench.rx).subscribe(() => device.write(0, 4, 1n));
  schedule(bench, [sleeper]).run(350);
  t.deepEqual(wokenAt, [101, 201, 301]);
  t.is(sleeper.runCount, 4);
});

test('a runner that makes something happen is stopped there', (t) => {
  const bench = new Bench();
  const log: string[] = [];
  const runner = new ScriptRunner(0, ({ localTime }) => {
    log.push(`step ${String(localTime)}`);
    if (localTime === 4) {
      bench.queue.at(7, 0, () => log.push('event 7'));
    }
    return 2;
  });
  schedule(bench, [runner]).run(10);
  t.deepEqual(log, ['step 0', 'step 2', 'step 4', 'step 6', 'event 7', 'step 8']);
});

test('all waiting and nothing to come is a deadlock', (t) => {
  const bench = new Bench();
  const runner = new ScriptRunner(0, (self) => {
    self.isWaiting = true;
    return 3;
  });
  const scheduler = schedule(bench, [runner]);
  t.deepEqual(scheduler.run(1000), { kind: 'deadlock' });
  t.is(bench.queue.now, 3);
});

test('all waiting with events to come is none', (t) => {
  const bench = new Bench();
  const runner = new ScriptRunner(0, (self) => {
    self.isWaiting = true;
    return 3;
  });
  interval(10, bench.rx).subscribe();
  t.deepEqual(schedule(bench, [runner]).run(1000), { kind: 'limit' });
});

test('stop ends the run after the step under way; the first reason counts', (t) => {
  const bench = new Bench();
  const scheduler: Scheduler = schedule(bench, [
    new ScriptRunner(0, ({ localTime }) => {
      if (localTime === 20) {
        scheduler.stop('finished');
        scheduler.stop('too late');
      }
      return 4;
    }),
  ]);
  t.deepEqual(scheduler.run(), { kind: 'stopped', reason: 'finished' });
  t.is(bench.queue.now, 24);
  t.deepEqual(scheduler.run(40), { kind: 'limit' });
});

test('a run can be cut into pieces without changing it', (t) => {
  const total = (pieces: readonly number[]): number[] => {
    const bench = new Bench();
    const starts: number[] = [];
    const runners = [3, 5].map(
      (cost, id) =>
        new ScriptRunner(id, ({ localTime }) => {
          starts.push(localTime * 10 + id);
          return cost;
        }),
    );
    const scheduler = schedule(bench, runners);
    for (const piece of pieces) {
      scheduler.run(piece);
    }
    return starts;
  };
  t.deepEqual(total([7, 8, 23, 99, 100]), total([100]));
});

test('a quantum of n ticks takes every runner to the next multiple of n before another runs', (t) => {
  const bench = new Bench();
  const starts: string[] = [];
  const runners = [0, 1].map(
    (id) =>
      new ScriptRunner(id, ({ localTime }) => {
        starts.push(`${String(id)}@${String(localTime)}`);
        return 5;
      }),
  );
  schedule(bench, runners, 10).run(20);
  t.deepEqual(starts, ['0@0', '0@5', '1@0', '1@5', '0@10', '0@15', '1@10', '1@15']);
});

test('a runner that does not advance is named', (t) => {
  const bench = new Bench();
  const stuck: Runner = {
    id: 3,
    localTime: 5,
    isWaiting: false,
    runUntil: () => undefined,
    shorten: () => undefined,
    wake: () => undefined,
  };
  t.throws(() => schedule(bench, [stuck]).run(10), {
    message: 'runner 3 makes no progress at tick 5',
  });
});

test('a quantum of 0 or of a fraction is refused', (t) => {
  const bench = new Bench();
  t.throws(() => schedule(bench, [], 0), { instanceOf: RangeError });
  t.throws(() => schedule(bench, [], 1.5), { instanceOf: RangeError });
});
