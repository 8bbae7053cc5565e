import test from 'ava';
import fc from 'fast-check';
import { registerAt } from '../../../../sw/toolchain/assembly/register.ts';
import { orderMoves } from '../../../../sw/toolchain/emit/parallel-moves.ts';

const scratch = registerAt(31);
const count = 8;

test('ordered copies have the effect of all copies at once', (t) => {
  const sources = fc.array(fc.integer({ min: 0, max: count - 1 }), {
    ...{ minLength: count, maxLength: count },
  });
  const isMoved = fc.array(fc.boolean(), { minLength: count, maxLength: count });
  fc.assert(
    fc.property(sources, isMoved, (from, moved) => {
      const moves = from
        .map((source, to) => ({ to: registerAt(10 + to), from: registerAt(10 + source) }))
        .filter((_, to) => moved[to]);
      const registers = new Map(Array.from({ length: 32 }, (_, k) => [k, k]));
      for (const move of orderMoves(moves, scratch)) {
        registers.set(move.to, registers.get(move.from) ?? -1);
      }
      from.forEach((source, to) => {
        t.is(registers.get(10 + to), moved[to] ? 10 + source : 10 + to);
      });
    }),
    { seed: 1, numRuns: 500 },
  );
});
