import test from 'ava';
import fc from 'fast-check';
import { editDistance, nearestName, suggestName } from '../../platforms/source/nearest-name.ts';

const word = fc.stringMatching(/^[a-z]{0,8}$/);

test('the distance of two words is 0 if they are equal, symmetric, and at most the longer length', (t) => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      const isBounded = distance <= Math.max(a.length, b.length);
      return (distance === 0) === (a === b) && distance === editDistance(b, a) && isBounded;
    }),
  );
  t.is(editDistance('misalinged', 'misaligned'), 1, 'neighbours swapped count once');
  t.is(editDistance('kitten', 'sitting'), 3);
});

test('the nearest name is found by case, dashes, prefix and small mistakes', (t) => {
  const valid = ['misaligned', 'test-finisher', 'exitEntryCycles', 'at'];
  t.is(nearestName('misalined', valid), 'misaligned');
  t.is(nearestName('TestFinisher', valid), 'test-finisher');
  t.is(nearestName('exitEntry', valid), 'exitEntryCycles');
  t.is(nearestName('something', valid), undefined);
});

test('where no name is near, all are listed', (t) => {
  t.is(suggestName('x', ['alpha', 'beta']), 'expected one of: alpha, beta');
  t.is(suggestName('x', []), 'none is valid here');
});
