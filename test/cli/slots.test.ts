import test from 'ava';
import { setImmediate } from 'node:timers/promises';
import { Slots } from '../../cli/slots.ts';

test('no more work than slots goes on at a time, and it begins in the order of the calls', async (t) => {
  const slots = new Slots(2);
  const begun: number[] = [];
  let ongoing = 0;
  let most = 0;
  const work = (number: number) => async (): Promise<number> => {
    begun.push(number);
    ongoing += 1;
    most = Math.max(most, ongoing);
    // the first takes longest
    for (let turn = 6 - number; turn > 0; turn--) await setImmediate();
    ongoing -= 1;
    return number;
  };
  const numbers = [0, 1, 2, 3, 4];
  t.deepEqual(await Promise.all(numbers.map((number) => slots.run(work(number)))), numbers);
  t.deepEqual(begun, numbers);
  t.is(most, 2);
});

test('work that fails gives its slot back', async (t) => {
  const slots = new Slots(1);
  const failing = slots.run(() => Promise.reject(new Error('failed')));
  const next = slots.run(() => Promise.resolve('done'));
  await t.throwsAsync(failing, { message: 'failed' });
  t.is(await next, 'done');
  t.is(await slots.run(() => Promise.resolve('again')), 'again');
});
