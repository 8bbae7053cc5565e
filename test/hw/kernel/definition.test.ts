import test from 'ava';
import {
  clock,
  defineComponent,
  defineDevice,
  endpointsOf,
  input,
  inputs,
  line,
  output,
  outputs,
  sampled,
  stream,
  word,
  type ComponentDefinition,
} from '../../../hw/kernel/index.ts';
import { Bench } from './bench.ts';

const common = { kind: 'probe', summary: 'For this test.' } as const;

test('a component that returns every output and reads only inputs compiles', (t) => {
  const timer = defineDevice({
    ...common,
    size: 0x10,
    ports: { now: input(word(64)), pending: output(line) },
    reset: { compare: 0n },
    registers: {
      compare: {
        offset: 0,
        bytes: 8,
        read: (state) => state.compare,
        write: (draft, value) => {
          draft.compare = value;
        },
      },
    },
    drive: ({ compare }, { now }) => ({ pending: now >= compare }),
  });
  const erased: readonly ComponentDefinition[] = [timer];
  t.is(erased.length, 1);
});

test('a missing output does not compile', (t) => {
  defineComponent({
    ...common,
    ports: { a: output(line), b: output(line) },
    reset: {},
    // @ts-expect-error -- b is missing
    drive: () => ({ a: true }),
  });
  t.pass();
});

test('a missing drive, or sample, does not compile', (t) => {
  // @ts-expect-error -- the output has no drive
  defineComponent({ ...common, ports: { a: output(line) }, reset: {} });
  // @ts-expect-error -- the sampled port has no sample
  defineComponent({ ...common, ports: { a: sampled(line) }, reset: {} });
  t.pass();
});

test('reading an output does not compile', (t) => {
  defineComponent({
    ...common,
    ports: { a: output(line) },
    reset: {},
    // @ts-expect-error -- a is no input
    drive: (_state, inputs) => ({ a: inputs.a === true }),
  });
  t.pass();
});

test('an output of another type does not compile', (t) => {
  defineComponent({
    ...common,
    ports: { a: output(line) },
    reset: {},
    // @ts-expect-error -- a line carries a boolean
    drive: () => ({ a: 1n }),
  });
  t.pass();
});

test('registers up to 4 bytes take numbers, 8 bytes take bigints', (t) => {
  defineDevice({
    ...common,
    size: 8,
    ports: {},
    reset: { low: 0 },
    registers: {
      // @ts-expect-error -- 8 bytes need a bigint
      wide: { offset: 0, bytes: 8, read: (state) => state.low },
    },
  });
  t.pass();
});

test('the ends of a component follow its ports and options', (t) => {
  const many = defineComponent({
    ...common,
    ports: {
      source: inputs(line, 2),
      target: outputs(line, 'count'),
      rtc: clock(),
      time: sampled(word(64)),
      out: stream<number>(),
    },
    reset: {},
    sample: { time: () => 0n },
    drive: () => ({ target: [] }),
  });
  t.deepEqual(
    endpointsOf(many, { count: 1 }).map(({ path, direction }) => `${direction} ${path}`),
    [
      'input source.0',
      'input source.1',
      'output target.0',
      'clock rtc',
      'sampled time',
      'stream out',
    ],
  );
  t.throws(() => endpointsOf(many, {}), { message: 'option count: undefined is not a count' });
});

test('a clock port that nothing is bound to is refused when the instance is made', (t) => {
  const counting = defineComponent({ ...common, ports: { wall: clock() }, reset: {} });
  const { circuit } = new Bench();
  t.throws(() => circuit.add('x', counting, undefined), {
    message: 'x: clock wall is not connected',
  });
});
