import test from 'ava';
import fc from 'fast-check';
import { Scheduler, type Quantum, type Runner } from '../../../hw/kernel/index.ts';
import { clint } from '../../../hw/interrupts/index.ts';
import { Bench } from './bench.ts';

type Step =
  | { readonly do: 'work' }
  | { readonly do: 'ring'; readonly hart: number; readonly level: bigint }
  | { readonly do: 'alarm'; readonly hart: number; readonly after: bigint }
  | { readonly do: 'wait' };

interface CostedStep {
  readonly cost: number;
  readonly step: Step;
}

type Script = readonly CostedStep[];

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ do: 'work' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('ring' as const),
      hart: fc.nat(2),
      level: fc.bigInt({ min: 0n, max: 1n }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('alarm' as const),
      hart: fc.nat(2),
      after: fc.bigInt({ min: 0n, max: 3n }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'wait' }) },
);

const script = fc.array(fc.record({ cost: fc.integer({ min: 1, max: 40 }), step }), {
  minLength: 1,
  maxLength: 25,
});

const harts = 3;
const end = 3000;

/** What three scripted harts see of each other through a CLINT: every step, when it began, and its lines then. */
function observe(scripts: readonly Script[], quantum: Quantum, cuts: readonly number[]): unknown {
  const bench = new Bench();
  const device = bench.circuit.add('clint', clint, { harts });
  const log: string[] = [];
  const runners = scripts.map((list, id) => {
    const lines: Record<'msip' | 'mtip', boolean> = { msip: false, mtip: false };
    let bound = 0;
    let next = 0;
    const obey = (wanted: Step): void => {
      switch (wanted.do) {
        case 'ring':
          device.write(4 * wanted.hart, 4, wanted.level);
          break;
        case 'alarm': {
          const time = device.read(0xbff8, 8) ?? 0n;
          device.write(0x4000 + 8 * wanted.hart, 8, time + wanted.after);
          break;
        }
        case 'wait':
          runner.isWaiting = !lines.msip && !lines.mtip;
          break;
        case 'work':
          break;
      }
    };
    const runner = {
      id,
      localTime: 0,
      isWaiting: false as boolean,
      runUntil(tick: number): void {
        bound = tick;
        while (!runner.isWaiting && runner.localTime < bound) {
          const { cost, step: wanted } = list[next++ % list.length] ?? {
            cost: 1,
            step: { do: 'work' },
          };
          const seen = `${lines.msip ? 'msip ' : ''}${lines.mtip ? 'mtip ' : ''}`;
          log.push(`${String(runner.localTime)} hart ${String(id)} ${wanted.do} ${seen}`);
          obey(wanted);
          runner.localTime += cost;
        }
      },
      shorten(tick: number): void {
        bound = Math.min(bound, tick);
      },
      wake(tick: number): void {
        if (runner.isWaiting && (lines.msip || lines.mtip)) {
          runner.isWaiting = false;
          runner.localTime = Math.max(runner.localTime, tick);
        }
      },
    } satisfies Runner;
    for (const name of ['msip', 'mtip'] as const) {
      bench.circuit.output(`clint.${name}.${String(id)}`).connect((value, tick) => {
        lines[name] = value === true;
        runner.wake(tick);
      });
    }
    return runner;
  });
  bench.circuit.start();
  const scheduler = new Scheduler(bench.queue, runners, quantum);
  const outcomes = [...cuts, end].map((tick) => scheduler.run(tick).kind);
  const last = outcomes.at(-1);
  return { log, last, state: device.state, times: runners.map(({ localTime }) => localTime) };
}

test('exact runs ahead as far as nothing can tell it from stepping in lock-step', (t) => {
  const scripts = fc.array(script, { minLength: harts, maxLength: harts });
  const cuts = fc.array(fc.nat(end), { maxLength: 10 });
  fc.assert(
    fc.property(scripts, cuts, (programs, ticks) => {
      const lockStep = observe(programs, 1, []);
      t.deepEqual(observe(programs, 'exact', []), lockStep);
      const sorted = ticks.toSorted((a, b) => a - b);
      t.deepEqual(observe(programs, 'exact', sorted), lockStep);
    }),
    { numRuns: 60 },
  );
});
