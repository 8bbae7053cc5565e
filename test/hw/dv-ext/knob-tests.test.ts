import test from 'ava';
import { readFileSync } from 'node:fs';
import { knobNames, knobs, type KnobName } from '../../../hw/dv-ext/index.ts';
import { inProject } from '../../harness/project-root.ts';

const csrs = 'hw/hart/csr-access-knobs.test.ts';
const aliases = 'hw/hart/csr-access-aliases.test.ts';
const returns = 'hw/hart/huret.test.ts';

/** Where the tests are that show what a knob does at each of its values; a knob without one does not compile. */
const tests: Readonly<Record<KnobName, string>> = {
  access: csrs,
  exits: csrs,
  sedeleg: csrs,
  medeleg: csrs,
  hustatus: aliases,
  views: aliases,
  exitValues: aliases,
  guestAddress: 'hw/hart/trap-unit.test.ts',
  hutinst: csrs,
  tinst: 'sw/duvisor/knobs.test.ts',
  hugatp: csrs,
  huretPrivilege: returns,
  huretSpvp: returns,
  exitSpvp: returns,
  upie: returns,
  interruptOrder: csrs,
  guestVector: 'hw/hart/trap-unit.test.ts',
  vectorAlignment: csrs,
  userInterrupts: aliases,
  userViews: csrs,
  vseip: aliases,
  lines: aliases,
  vmid: csrs,
  vmidBits: csrs,
  hufence: 'hw/hart/fence-instructions.test.ts',
  guestTime: csrs,
  'vtimer.registers': csrs,
  'vtimer.expiry': 'hw/hart/wait.test.ts',
  'vtimer.set': 'hw/hart/supervisor-timer.test.ts',
  'vtimer.control': csrs,
  'vtimer.arming': 'hw/hart/armed-timer.test.ts',
  'posting.interface': csrs,
  'posting.writers': csrs,
  'posting.unknown': 'hw/hart/posting.test.ts',
  'pmc.kind': 'hw/hart/memory-checking.test.ts',
  'pmc.guestAccess': 'hw/pmc/pmp.test.ts',
  'pmc.entries': 'sw/firmware/pmc.test.ts',
  'pmc.granularity': 'hw/hart/memory-checking.test.ts',
  'pmc.walker': 'hw/hart/memory-checking.test.ts',
  'pmc.hostAccess': 'hw/pmc/pmp.test.ts',
  'pmc.scope': 'sw/firmware/pmc.test.ts',
};

/** Knobs that take any number between two bounds: the numbers that are tested. */
const numbers: Readonly<Record<string, readonly number[]>> = {
  vmidBits: [0, 7, 14],
  'pmc.entries': [4, 8, 16],
};

for (const name of knobNames) {
  test(`the tests of ${name} name each value that is not the paper’s`, (t) => {
    const text = readFileSync(inProject('test', tests[name]), 'utf8');
    t.true(text.includes(name.replace(/^.*\./, '')), tests[name]);
    const knob = knobs[name];
    const values: readonly (string | number)[] =
      'values' in knob ? knob.values : (numbers[name] ?? []);
    t.true(values.length > 1);
    for (const value of values) {
      if (value === knob.defaults.paper) continue;
      t.true(new RegExp(`\\b${String(value)}\\b`).test(text), `${String(value)} in ${tests[name]}`);
    }
  });
}
