import test from 'ava';
import type { Quantum } from '../../hw/kernel/index.ts';
import { engineNames } from '../harness/engines.ts';
import { LitmusMachine } from './litmus-machine.ts';
import { OutcomeFinder } from './memory-model.ts';
import { shapes } from './shapes.ts';

const quanta: readonly Quantum[] = ['exact', 1, 3, 10, 100];
const VARIANTS = 3;
const RUNS = 10;

/** Small numbers, the same in every run of the tests. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 16) % below;
  };
}

for (const engine of engineNames) {
  for (const shape of shapes) {
    test(`${engine}: ${shape.name} has sequentially consistent outcomes only, and several`, (t) => {
      const next = numbers(shape.name.length);
      const seen = new Set<string>();
      const machine = new LitmusMachine(shape, engine);
      for (let variant = 0; variant < VARIANTS; variant++) {
        machine.place(() => (variant === 0 ? 0 : next(4)));
        for (const quantum of quanta) {
          for (let run = 0; run < RUNS; run++) {
            const skews = shape.harts.map(() => next(12));
            seen.add(machine.run(quantum, skews));
          }
        }
      }
      const allowed = new OutcomeFinder(shape, 'sc').outcomes();
      t.deepEqual(
        [...seen].filter((outcome) => !allowed.has(outcome)),
        [],
      );
      // Four harts have more interleavings than are tried.
      const share = shape.harts.length > 3 ? 0.5 : 1;
      t.true(seen.size >= allowed.size * share, [...seen].join('; '));
    });
  }
}
