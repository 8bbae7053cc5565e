import test from 'ava';
import fc from 'fast-check';
import { differences } from '../../hw/hart/index.ts';
import { cases } from './cases.ts';
import { engineNames } from './engines.ts';
import { trapMix, trapMixFacts } from './random-program/trap-mix.ts';

const TICKS = 3000;
const [reference = 'oracle', ...others] = engineNames;

for (const engine of others) {
  test(`calls and returns in any order do the same on ${engine} as on ${reference}`, (t) => {
    const property = fc.property(trapMix, fc.constantFrom(TICKS, 499), (mix, slice) => {
      const expected = trapMixFacts(mix, reference, { ticks: TICKS });
      const actual = trapMixFacts(mix, engine, { ticks: TICKS, slice });
      const lines = differences(expected, actual).map((difference) => {
        return `${difference.name}: ${difference.expected}, but ${difference.actual}`;
      });
      if (lines.length > 0) throw new Error([...lines.slice(0, 20), mix.text].join('\n'));
    });
    t.notThrows(() => fc.assert(property, cases(12, 1)));
  });
}
