import test from 'ava';
import { OutcomeFinder } from './memory-model.ts';
import { agrees } from './operation.ts';
import { shapes } from './shapes.ts';

for (const shape of shapes) {
  const { name, outcome, isAllowed } = shape;
  test(`RVWMO ${isAllowed ? 'allows' : 'forbids'} ${outcome} of ${name}, and sequential consistency forbids it`, (t) => {
    const relaxed = [...new OutcomeFinder(shape, 'rvwmo').outcomes()];
    const sequential = [...new OutcomeFinder(shape, 'sc').outcomes()];
    t.is(
      relaxed.some((found) => agrees(found, outcome)),
      isAllowed,
    );
    t.false(sequential.some((found) => agrees(found, outcome)));
    t.true(sequential.every((found) => relaxed.includes(found)));
  });
}
