import test from 'ava';
import fc from 'fast-check';
import {
  ClockDomain,
  defineComponent,
  input,
  inputs,
  line,
  output,
  word,
  type Component,
} from '../../../hw/kernel/index.ts';
import { Bench } from './bench.ts';

/** Counts its edges; one every `period` ticks. */
const counter = defineComponent({
  kind: 'counter',
  summary: 'Counts edges.',
  ports: { count: output(word(64)) },
  reset: { count: 0n },
  nextEdge: (_state, _inputs, { now }) => now + 1,
  onEdge: (draft) => {
    draft.count++;
  },
  drive: ({ count }) => ({ count }),
});

/** Remembers what its input was at the last edge. */
const register = defineComponent({
  kind: 'register',
  summary: 'Stores its input.',
  ports: { d: input(word(64)), q: output(word(64)) },
  reset: { stored: 0n },
  nextEdge: ({ stored }, { d }, { now }) => (stored === d ? undefined : now + 1),
  onEdge: (draft, { d }) => {
    draft.stored = d;
  },
  drive: ({ stored }) => ({ q: stored }),
});

/** Adds one, combinationally. */
const increment = defineComponent({
  kind: 'increment',
  summary: 'Adds one.',
  ports: { a: input(word(64)), sum: output(word(64)) },
  reset: {},
  drive: (_state, { a }) => ({ sum: a + 1n }),
});

/** A chain of set-up actions in any order: first the instances, then the wires. */
function build(order: readonly string[]): Bench {
  const bench = new Bench();
  const { circuit } = bench;
  const makers: Record<string, () => void> = {
    counter: () => circuit.add('counter', counter, undefined),
    first: () => circuit.add('first', register, undefined),
    second: () => circuit.add('second', register, undefined),
    increment: () => circuit.add('increment', increment, undefined),
  };
  for (const name of order) {
    makers[name]?.();
  }
  circuit.wire('first.d', 'counter.count');
  circuit.wire('second.d', 'first.q');
  circuit.wire('increment.a', 'second.q');
  circuit.start();
  return bench;
}

test('an output of edge n is seen by clocked logic at edge n + 1, combinational logic follows at once', (t) => {
  for (const order of [
    ['counter', 'first', 'second', 'increment'],
    ['increment', 'second', 'first', 'counter'],
  ]) {
    const bench = build(order);
    bench.runTo(11);
    const value = (path: string): unknown => bench.circuit.output(path).value;
    t.is(value('counter.count'), 10n);
    t.is(value('first.q'), 9n);
    t.is(value('second.q'), 8n);
    t.is(value('increment.sum'), 9n);
  }
});

test('a sink is called once per edge, with the settled value and the tick of the edge', (t) => {
  const bench = build(['first', 'increment', 'counter', 'second']);
  const seen: string[] = [];
  bench.circuit.output('increment.sum').connect((value, tick) => {
    seen.push(`${String(value)} at ${String(tick)}`);
  });
  bench.runTo(6);
  t.deepEqual(seen, ['2 at 3', '3 at 4', '4 at 5']);
});

test('a component whose inputs do not change asks for no edge', (t) => {
  const bench = new Bench();
  bench.circuit.add('first', register, undefined);
  bench.circuit.add('increment', increment, undefined);
  bench.circuit.wire('first.d', 'increment.sum');
  bench.circuit.start();
  bench.runTo(1000);
  t.is(bench.queue.eventCount, 1);
  t.is(bench.circuit.output('first.q').value, 1n);
});

test('a component takes the edges of its own clock', (t) => {
  const bench = new Bench();
  const slow = new ClockDomain('slow', 7, bench.rx);
  bench.circuit.add('counter', counter, undefined, slow);
  bench.circuit.start();
  bench.runTo(7 * 5 + 1);
  t.is(bench.circuit.output('counter.count').value, 5n);
  t.is(bench.queue.eventCount, 5);
});

test('a combinational loop that never settles is reported with its members', (t) => {
  const { circuit } = new Bench();
  circuit.add('a', increment, undefined);
  circuit.add('b', increment, undefined);
  circuit.wire('a.a', 'b.sum');
  circuit.wire('b.a', 'a.sum');
  t.throws(
    () => {
      circuit.start();
    },
    { message: /combinational loop through .*[ab].* at tick 0/ },
  );
});

test('a wire needs an output, an input that has no other driver, and one type', (t) => {
  const { circuit } = new Bench();
  const lamp = defineComponent({
    kind: 'lamp',
    summary: 'Has a line.',
    ports: { on: input(line) },
    reset: {},
  });
  circuit.add('a', increment, undefined);
  circuit.add('b', increment, undefined);
  circuit.add('lamp', lamp, undefined);
  const refuses = (from: string, to: string, message: string): void => {
    t.throws(
      () => {
        circuit.wire(from, to);
      },
      { message },
    );
  };
  refuses('a.a', 'b.none', 'b.none: there is no such output');
  refuses('a.a', 'b.a', 'b.a: there is no such output');
  refuses('a.sum', 'b.sum', 'a.sum: there is no such input');
  refuses('c.a', 'b.sum', 'c: there is no such component');
  refuses('lamp.on', 'b.sum', 'lamp.on is a line, its driver b.sum a word(64)');
  t.deepEqual(circuit.undrivenInputs(), ['a.a', 'b.a', 'lamp.on']);
  circuit.wire('a.a', 'b.sum');
  refuses('a.a', 'a.sum', 'a.a is driven by b.sum and by a.sum');
  t.throws(() => circuit.add('a', increment, undefined), {
    message: 'a: there is a component of that name',
  });
});

test('reset puts the state back, and the outputs follow', (t) => {
  const bench = build(['counter', 'first', 'second', 'increment']);
  bench.runTo(100);
  bench.circuit.reset();
  bench.runTo(102);
  t.true((bench.circuit.output('counter.count').value as bigint) <= 2n);
});

test('stored state is immutable', (t) => {
  const bench = new Bench();
  const instance = bench.circuit.add('counter', counter, undefined);
  bench.circuit.start();
  t.throws(() => {
    instance.state.count = 5n;
  });
  bench.runTo(3);
  t.throws(() => {
    instance.state.count = 5n;
  });
});

const mixer = defineComponent({
  kind: 'mixer',
  summary: 'Mixes its inputs into its state at some edges, and shows it partly combinationally.',
  ports: {
    in: inputs(word(64), 2),
    through: input(word(64)),
    q: output(word(64)),
    c: output(word(64)),
  },
  reset: (options: { seed: number }) => ({ value: BigInt(options.seed), edges: 0 }),
  nextEdge: ({ value }, _inputs, { now }) =>
    value % 5n === 4n ? undefined : now + 1 + Number(value % 3n),
  onEdge: (draft, values) => {
    const [a = 0n, b = 0n] = values.in;
    draft.value = (draft.value * 31n + a * 7n + b + values.through) % 1_000_003n;
    draft.edges++;
  },
  drive: ({ value }, { through }) => ({ q: value, c: (value ^ through) % 1_000_003n }),
  actions: {
    poke: (draft, value) => {
      draft.value = (draft.value + BigInt(value)) % 1_000_003n;
    },
  },
});

interface Network {
  readonly seeds: readonly number[];
  readonly wires: readonly (readonly [input: string, output: string])[];
  readonly pokes: readonly {
    readonly target: number;
    readonly at: number;
    readonly value: number;
  }[];
}

const network: fc.Arbitrary<Network> = fc.integer({ min: 2, max: 6 }).chain((size) =>
  fc
    .record({
      seeds: fc.array(fc.nat(1000), { minLength: size, maxLength: size }),
      from: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1), fc.nat()), {
        minLength: size,
        maxLength: size,
      }),
      pokes: fc.uniqueArray(
        fc.record({ target: fc.nat(size - 1), at: fc.nat(60), value: fc.nat(100) }),
        { maxLength: 10, selector: ({ target, at }) => `${String(target)} ${String(at)}` },
      ),
    })
    .map(({ seeds, from, pokes }) => ({
      seeds,
      pokes,
      // Combinational wires only lead to higher numbers, so that there is no loop.
      wires: from.flatMap(([a, b, lower], index): [string, string][] => [
        [`m${String(index)}.in.0`, `m${String(a)}.q`],
        [`m${String(index)}.in.1`, `m${String(b)}.c`],
        ...(index === 0
          ? []
          : [[`m${String(index)}.through`, `m${String(lower % index)}.c`] as [string, string]]),
      ]),
    })),
);

function shuffled<T>(items: readonly T[], keys: readonly number[]): readonly T[] {
  return items
    .map((item, index) => ({ item, key: keys[index % keys.length] ?? 0, index }))
    .sort((a, b) => a.key - b.key || b.index - a.index)
    .map(({ item }) => item);
}

function simulate({ seeds, wires, pokes }: Network, keys: readonly number[]): unknown {
  const bench = new Bench();
  const { circuit } = bench;
  const names = seeds.map((seed, index) => ({ name: `m${String(index)}`, seed }));
  const instances = new Map<string, Component>();
  for (const { name, seed } of shuffled(names, keys)) {
    instances.set(name, circuit.add(name, mixer, { seed }));
  }
  for (const [to, from] of shuffled(wires, keys)) {
    circuit.wire(to, from);
  }
  const changes: string[] = [];
  for (const { name } of shuffled(names, keys)) {
    circuit.output(`${name}.c`).connect((value, tick) => {
      changes.push(`${String(tick)} ${name} ${String(value)}`);
    });
  }
  circuit.start();
  for (const { target, at, value } of shuffled(pokes, keys)) {
    bench.rx.schedule(() => instances.get(`m${String(target)}`)?.act('poke', value), at);
  }
  bench.runTo(100);
  const states = names.map(({ name }) => instances.get(name)?.state);
  return { states, changes, events: bench.queue.eventCount };
}

test('no result depends on the order of declarations, wires or subscriptions', (t) => {
  fc.assert(
    fc.property(network, fc.array(fc.nat(), { minLength: 3, maxLength: 12 }), (circuit, keys) => {
      t.deepEqual(simulate(circuit, keys), simulate(circuit, [0]));
    }),
    { numRuns: 60 },
  );
});
