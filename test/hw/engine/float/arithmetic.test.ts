import test from 'ava';
import fc from 'fast-check';
import { Random, randomOperand, specialOperands } from './operands.ts';
import { modes } from './reference-rounding.ts';
import { difference, type Subject, subjects } from './subjects.ts';

const RANDOM_OPERANDS = 2000;
const computed = subjects.filter(({ statics }) => statics.operation !== 'convert');

/** Every list of so many of the operands; of three, the first two are among the fewer that decide about products. */
function lists({ arity, statics }: Subject): readonly (readonly bigint[])[] {
  const all = specialOperands[statics.from as 's' | 'd'];
  if (arity === 1) return all.map((first) => [first]);
  const some = all.filter((_, index) => index % (arity === 3 ? 7 : 2) === 0);
  const pairs = some.flatMap((first) => some.map((second) => [first, second]));
  if (arity === 2) return pairs;
  return pairs.flatMap((pair) => some.map((third) => [...pair, third]));
}

for (const subject of computed) {
  const { name, statics, arity, rounds } = subject;
  const usedModes = rounds ? modes : [0];

  test(`${name}: special operands give the result and the flags of the standard in every rounding mode`, (t) => {
    for (const operands of lists(subject)) {
      for (const mode of usedModes) {
        const found = difference(subject, operands, mode);
        if (found !== undefined) t.fail(found);
      }
    }
    t.pass();
  });

  test(`${name}: random operands give the result and the flags of the standard`, (t) => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (seed) => {
        const random = new Random(seed);
        for (let run = 0; run < RANDOM_OPERANDS / 100; run++) {
          const operands = [randomOperand(random, statics.from, 0n)];
          while (operands.length < arity) {
            operands.push(randomOperand(random, statics.from, operands[0] ?? 0n));
          }
          t.is(difference(subject, operands, random.of(usedModes)), undefined);
        }
      }),
      { numRuns: 100 },
    );
  });
}
