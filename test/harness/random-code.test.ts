import test from 'ava';
import fc from 'fast-check';
import { differences, type Facts, hartFacts, trapText } from '../../hw/hart/index.ts';
import { cases } from './cases.ts';
import { type EngineName, engineNames } from './engines.ts';
import { randomCodeMachine } from './random-code.ts';

const CYCLES = 9000;
const [reference = 'oracle', ...others] = engineNames;

/** What a run comes to: every fact, the traps, and memory. */
interface Outcome {
  readonly facts: Facts;
  readonly traps: readonly string[];
  readonly ram: Uint8Array;
}

function outcomeOf(seed: number, engine: EngineName): Outcome {
  const { harts, run, memory } = randomCodeMachine(seed, { engine });
  const traps: string[] = [];
  for (const hart of harts) {
    hart.onTrap = (trap) => traps.push(`hart ${String(hart.id)}: ${trapText(trap)}`);
  }
  run(CYCLES);
  const { offset, size } = memory.window;
  return {
    facts: new Map(harts.flatMap((hart) => [...hartFacts(hart)])),
    traps,
    ram: memory.machine.bytes.slice(offset, offset + size),
  };
}

for (const engine of others) {
  test(`random code between random tables does the same on ${engine} as on ${reference}`, (t) => {
    const property = fc.property(fc.nat(), (seed) => {
      const expected = outcomeOf(seed, reference);
      const actual = outcomeOf(seed, engine);
      t.deepEqual(differences(expected.facts, actual.facts), []);
      t.deepEqual(actual.traps, expected.traps);
      t.is(Buffer.compare(actual.ram, expected.ram), 0);
    });
    t.notThrows(() => fc.assert(property, { ...cases(8, 1), endOnFailure: true }));
  });
}
