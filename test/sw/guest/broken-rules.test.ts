import test from 'ava';
import { hasPassed, linesOf } from '../boot-guests.ts';
import { useDevices } from './devices-guest.ts';

// Of each queue the guest breaks seventeen rules, one after the other, and scrambles its rings sixteen times.

const brokenResults = [
  'result: malformed-noticed 0x11',
  'result: malformed-not-used 0x11',
  'result: malformed-recovered 0x11',
  'result: malformed-interrupts 0x11',
  'result: scrambled-recovered 0x10',
  'result: scrambled-guard 0x1',
];

for (const [devices, queues] of [
  ['entropy', ['entropy']],
  ['console', ['console']],
  ['block', ['block']],
  ['net', ['net-transmit', 'net-receive']],
] as const) {
  test(`${devices}: each rule of a queue that a driver breaks breaks the device until its reset, random rings break no more, and the VM goes on`, async (t) => {
    const ended = await useDevices(devices, ['--append', 'malformed'], { cycles: 40_000_000 });
    t.true(hasPassed(ended), ended.console);
    t.deepEqual(
      linesOf(ended.console, 'malformed'),
      queues.map((queue) => `malformed: ${queue}`),
    );
    t.deepEqual(
      linesOf(ended.console, 'result'),
      queues.flatMap(() => brokenResults),
    );
  });
}
