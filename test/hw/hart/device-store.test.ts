import test from 'ava';
import { DeviceStore } from '../../../hw/hart/device-store.ts';
import { StateArea } from '../../../hw/timing/index.ts';

test('what a store tells a device to change while it is on its way, changes with its commit', (t) => {
  const store = new DeviceStore(new StateArea());
  t.is(store.cycleOfChange(7), 7);
  store.begin(100, false);
  store.commit(112);
  store.commit(113);
  const cycles = [99, 100, 101, 112, 113];
  t.deepEqual(
    cycles.map((cycle) => store.cycleOfChange(cycle)),
    [99, 100, 112, 112, 113],
  );
  store.begin(120, true);
  t.is(store.cycleOfChange(121), 121);
});
