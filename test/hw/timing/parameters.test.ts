import test from 'ava';
import { timingParameters, timingParametersFrom } from '../../../hw/timing/index.ts';
import { rocketTiming } from '../hart/machine.ts';

test('rocket.yaml gives every parameter a value', (t) => {
  const values = rocketTiming();
  t.deepEqual(Object.keys(values).sort(), timingParameters.map(({ name }) => name).sort());
});

test('each parameter has a unit and a description', (t) => {
  for (const { unit, description } of timingParameters) {
    t.true(['cycles', 'entries', 'bits'].includes(unit));
    t.regex(description, /^[A-Za-z].*[^.]$/);
  }
});

test('missing, unknown and impossible values are named, all at once', (t) => {
  const { loadUse: loadUze, ...rest } = rocketTiming();
  const error = t.throws(() =>
    timingParametersFrom({ ...rest, loadUze, trapEntry: 0, walkBase: 1.5 }),
  );
  t.regex(error.message, /loadUze is not a timing parameter/);
  t.regex(error.message, /loadUse is missing/);
  t.regex(error.message, /trapEntry is 0, must be an integer from 1/);
  t.regex(error.message, /walkBase is 1\.5/);
});
