import test from 'ava';
import { PseudoLru } from '../../../../hw/timing/memory/pseudo-lru.ts';
import { StateArea } from '../../../../hw/timing/memory/state-area.ts';

const used = test.macro<[ways: readonly number[], victim: number]>({
  exec: (t, ways, victim) => {
    const order = new PseudoLru(4, new StateArea());
    for (const way of ways) order.touch(way);
    t.is(order.oldest, victim);
  },
  title: (_, ways, victim) =>
    `of ways used as ${ways.join(', ') || 'none'}, ${String(victim)} goes`,
});

test(used, [], 0);
test(used, [0], 2);
test(used, [0, 2], 1);
test(used, [0, 2, 1], 3);
test(used, [0, 1, 2, 3], 0);
// The tree forgets that way 1 was used before way 3.
test(used, [1, 3, 0, 2], 1);
