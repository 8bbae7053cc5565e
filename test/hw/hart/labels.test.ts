import test from 'ava';
import { Labels } from '../../../hw/hart/labels.ts';

test('a label is found in its own mode only, and a later name replaces an earlier one', (t) => {
  const labels = new Labels();
  labels.add('U', 0x1000, 'handler');
  labels.add('U', 0x1000, 'leave');
  labels.add('HS', 0x2000, 'dispatch');
  t.is(labels.at('U', 0x1000), 'leave');
  t.is(labels.at('HS', 0x1000), undefined);
  t.deepEqual([...labels.in('HS')], [0x2000]);
  t.deepEqual([...labels.in('VS')], []);
});
