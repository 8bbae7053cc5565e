import test from 'ava';
import { readFileSync } from 'node:fs';
import { inProject } from '../harness/project-root.ts';
import { hasPassed } from '../sw/boot-guests.ts';
import { countsOf, measured } from './measurement.ts';

for (const { name, run } of measured) {
  test(`the counts of ${name} are the recorded ones`, async (t) => {
    const ended = await run();
    t.true(hasPassed(ended), ended.console);
    const recorded = readFileSync(inProject('test', 'system', 'baselines', `${name}.txt`), 'utf8');
    t.is(countsOf(ended), recorded, 'if the change is meant, run `npm run baselines`');
  });

  test(`every cycle of ${name} has a reason`, async (t) => {
    const { machine } = await run();
    for (const { state, account } of machine.harts) t.is(account.tree.sum(), state.cycle);
  });
}
