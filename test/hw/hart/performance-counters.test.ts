import test from 'ava';
import { performanceEvents } from '../../../hw/isa/index.ts';
import { timingMechanisms } from '../../../hw/timing/index.ts';
import { CsrBench } from './csr-bench.ts';
import { testMachine } from './machine.ts';

function counting(): CsrBench {
  return new CsrBench({ profile: 'none', features: { named: new Set(['zihpm']) } });
}

const selector = (event: (typeof performanceEvents)[number]): bigint =>
  BigInt(performanceEvents.indexOf(event));

test('every mechanism of the pipeline is an event; instructions stand for their issue', (t) => {
  const mechanisms = timingMechanisms.map(({ name }) => (name === 'issue' ? 'instructions' : name));
  t.deepEqual([...performanceEvents].sort(), ['none', ...mechanisms, 'cycles'].sort());
});

test('mhpmevent keeps its value when a number is written that names no event (priv 3.1.10)', (t) => {
  const bench = counting();
  for (const [index] of performanceEvents.entries()) {
    bench.write({ mhpmevent3: BigInt(index) });
    t.is(bench.read('mhpmevent3'), BigInt(index));
  }
  for (const absent of [BigInt(performanceEvents.length), 1n << 63n]) {
    bench.write({ mhpmevent3: 5n });
    bench.write({ mhpmevent3: absent });
    t.is(bench.read('mhpmevent3'), 5n);
  }
});

test('a counter whose event is 0 stays as it is written (priv 3.1.10)', (t) => {
  const bench = counting();
  bench.write({ mhpmcounter31: 77n });
  bench.state.cycle += 100;
  bench.state.instret += 10;
  t.is(bench.read('mhpmcounter31'), 77n);
  t.is(bench.read('hpmcounter31'), 77n);
});

test('a counter counts the event that its selector names, from the value that it has', (t) => {
  const bench = counting();
  const advance = (): void => {
    bench.state.cycle += 100;
    bench.state.instret += 10;
    bench.mechanisms.set('load-use', (bench.mechanisms.get('load-use') ?? 0) + 7);
  };
  advance();
  bench.write({ mhpmcounter4: 1000n, mhpmevent4: selector('cycles') });
  advance();
  t.is(bench.read('hpmcounter4'), 1100n);
  bench.write({ mhpmevent4: selector('load-use') });
  t.is(bench.read('hpmcounter4'), 1100n, 'a new event does not move the counter');
  advance();
  t.is(bench.read('hpmcounter4'), 1107n);
  bench.write({ mhpmevent4: selector('instructions') });
  advance();
  t.is(bench.read('hpmcounter4'), 1117n);
  bench.write({ mhpmcounter4: 5n });
  bench.state.instret += 1;
  t.is(bench.read('hpmcounter4'), 5n, 'the writing instruction does not count');
  bench.write({ mhpmevent4: 0n });
  advance();
  t.is(bench.read('hpmcounter4'), 5n);
});

test('mcountinhibit stops each counter by its own bit (priv 3.1.12)', (t) => {
  const bench = counting();
  bench.write({ mhpmevent3: selector('cycles'), mhpmevent31: selector('cycles') });
  bench.write({ mcountinhibit: 1n << 31n });
  bench.state.cycle += 50;
  t.deepEqual(
    ['mhpmcounter3', 'mhpmcounter31', 'mcycle'].map((n) => bench.read(n)),
    [50n, 0n, 50n],
  );
  bench.write({ mhpmcounter31: 8n });
  bench.write({ mcountinhibit: 1n << 3n });
  bench.state.cycle += 5;
  t.deepEqual(
    ['mhpmcounter3', 'mhpmcounter31', 'mcycle'].map((n) => bench.read(n)),
    [50n, 13n, 55n],
  );
  bench.write({ mcountinhibit: ~0n });
  t.is(bench.read('mcountinhibit'), 0xffff_fffdn, 'time cannot be stopped');
});

test('a hart without Zihpm has counters and selectors that read zero (priv 3.1.10)', (t) => {
  const bench = new CsrBench({ profile: 'none' });
  bench.write({ mhpmcounter3: ~0n, mhpmevent3: 2n, mcountinhibit: ~0n });
  bench.state.cycle += 5;
  t.deepEqual(
    ['mhpmcounter3', 'hpmcounter3', 'mhpmevent3', 'mcountinhibit'].map((n) => bench.read(n)),
    [0n, 0n, 0n, 5n],
  );
});

test('counters of a running hart agree with what it books', (t) => {
  const machine = testMachine({ named: ['zihpm'] });
  const events = ['instructions', 'cycles', 'load-use', 'branch', 'csr-flush'] as const;
  const selecting = events.map(
    (event, index) => `csrwi mhpmevent${String(index + 3)}, ${String(selector(event))}`,
  );
  machine.load(`
    ${selecting.join('\n')}
    li t0, 20
    la t1, 1f
    1: lw t2, 0(t1)
    add t2, t2, t2
    addi t0, t0, -1
    bnez t0, 1b
    csrr s0, mhpmcounter5
    csrr s1, mhpmcounter6
    csrr s2, mhpmcounter7
    csrr s3, minstret
    csrr s4, mhpmcounter3
    li t1, FINISHER
    sd s0, 0(t1)
    2: j 2b
  `);
  machine.run();
  const { tree } = machine.hart.account;
  const { x } = machine.hart.state;
  t.is(x[8], BigInt(tree.at('M', 'load-use')));
  t.true((x[8] ?? 0n) >= 20n);
  t.is(x[9], BigInt(tree.at('M', 'branch')));
  t.is(x[20], (x[19] ?? 0n) + 1n, 'read one instruction after minstret');
});
