import test from 'ava';
import { dvProfiles } from '../../../hw/isa/index.ts';
import { engineUnderTest } from '../../harness/engine-under-test.ts';
import { randomCodeMachine } from '../../harness/random-code.ts';

const RUNS = 10;
const engine = engineUnderTest();

for (const profile of dvProfiles) {
  test(`random code in any mode never leaves the model, profile ${profile}`, (t) => {
    for (let seed = 0; seed < RUNS; seed++) {
      const machine = randomCodeMachine(seed, { engine, profile });
      machine.run(8_000);
      for (const { account, state } of machine.harts) {
        t.is(account.tree.sum(), state.cycle);
        t.is(state.x[0], 0n);
      }
    }
  });
}
