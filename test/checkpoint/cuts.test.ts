import test from 'ava';
import fc from 'fast-check';
import { restoreCheckpoint, saveCheckpoint } from '../../platforms/index.ts';
import { cases } from '../harness/cases.ts';
import { engineNames } from '../harness/engines.ts';
import { bootBusy, type BusyOptions } from './busy-program.ts';
import { finish, listen } from './outcome.ts';

/** Where the program is cut, and how often that is varied. */
const CUTS = 40;
const VARIATIONS = 1;

const variants: Readonly<Record<string, BusyOptions['set']>> = {
  exact: [],
  'a quantum of 100 cycles': ['quantum=100'],
  'a quantum of 1,000 cycles': ['quantum=1000'],
  'timing none': ['harts.timing=none'],
  'cores in stages': ['harts.pipeline=stages'],
  'cores in stages with caches': [
    'harts.pipeline=stages',
    'harts.timing=platforms/timing/rocket-rtl.yaml',
  ],
  'rules with caches': ['harts.timing=platforms/timing/rocket-rtl.yaml'],
};

for (const [name, set = []] of Object.entries(variants)) {
  test(`${name}: a run that is saved and restored ${String(CUTS)} times is the run that was not`, (t) => {
    const whole = bootBusy({ set }).machine;
    const expected = listen(whole);
    const outcome = finish(whole);
    t.deepEqual(outcome.end.kind, 'verdict');
    // A cut that the end of turns takes behind the end of the run would be none.
    const cut = fc.integer({ min: 1, max: whole.cycle - 2000 });
    const cuts = fc.array(cut, { minLength: CUTS, maxLength: CUTS });
    const quantum = whole.platform.quantum === 'exact' ? 1 : whole.platform.quantum;
    const property = fc.property(cuts, (cycles) => {
      // Each machine but the first has gone on from another checkpoint before.
      const machines = engineNames.map((engine) => bootBusy({ engine, set }).machine);
      const printed: number[] = [];
      for (const machine of machines) listen(machine, printed);
      let [machine = whole] = machines;
      for (const [index, cycle] of cycles.toSorted((a, b) => a - b).entries()) {
        machine.runTo(Math.ceil(cycle / quantum) * quantum);
        const bytes = saveCheckpoint(machine);
        machine = machines[index % machines.length] ?? machine;
        restoreCheckpoint(machine, { name: 'cut', bytes });
      }
      t.deepEqual(finish(machine), outcome);
      t.deepEqual(printed, expected);
    });
    fc.assert(property, { ...cases(VARIATIONS, 21), endOnFailure: true });
  });
}
