import test from 'ava';
import { hasPassed, linesOf, runGuests, type Ended, type RunOptions } from '../boot-guests.ts';

// The guest compares what its devices do with what they must, and reports success only if all of it is right.

const platform = 'duvisor-devices';

function useDevices(devices: string, words: readonly string[], options: RunOptions = {}) {
  const guest = { guest: 'devices', options: ['--devices', devices, ...words] };
  return runGuests([guest], { platform, ...options });
}

function crcOf({ console }: Ended): string | undefined {
  return console.split('\n').find((line) => line.startsWith('entropy: crc'));
}

test('the entropy device fills its buffers and posts an interrupt for each', async (t) => {
  const ended = await useDevices('entropy', []);
  t.true(hasPassed(ended), ended.console);
  t.deepEqual(linesOf(ended.console, 'result'), [
    'result: entropy-opened 0x1',
    'result: entropy-bytes 0x190',
    'result: entropy-repeated 0x0',
    'result: entropy-touched-behind 0x0',
    'result: entropy-interrupts 0x4',
  ]);
});

test('the machine’s seed decides which random numbers a guest gets', async (t) => {
  const same = crcOf(await useDevices('entropy', []));
  const other = crcOf(await useDevices('entropy', [], { set: ['devices.entropy.seed=2'] }));
  t.truthy(same);
  t.is(crcOf(await useDevices('entropy', [])), same);
  t.not(other, same);
});

test('each rule of a queue that a driver breaks breaks the device until its reset, and the VM goes on', async (t) => {
  const ended = await useDevices('entropy', ['--append', 'malformed']);
  t.true(hasPassed(ended), ended.console);
  t.deepEqual(linesOf(ended.console, 'result'), [
    'result: malformed-noticed 0x11',
    'result: malformed-not-used 0x11',
    'result: malformed-recovered 0x11',
    'result: malformed-interrupts 0x11',
  ]);
});

test('the console device sends what is in its buffers, and single bytes without any', async (t) => {
  const ended = await useDevices('console', [], { platform: 'duvisor-2hart' });
  t.true(hasPassed(ended), ended.console);
  t.deepEqual(linesOf(ended.console, 'console'), [
    ...Array.from({ length: 3 }, () => 'console: sent by virtio'),
    'console: emergency',
  ]);
  t.deepEqual(linesOf(ended.console, 'result'), [
    'result: console-opened 0x1',
    'result: console-emergency-bytes 0x12',
    'result: console-received 0x0',
    'result: console-interrupts 0x3',
  ]);
});

test('a machine without posted interrupts leaves the driver to look', async (t) => {
  const ended = await useDevices('entropy', [], { set: ['harts.dvExt.posting.interface=none'] });
  t.true(hasPassed(ended), ended.console);
  t.is(linesOf(ended.console, 'result').length, 4);
});

test('a VM that asks for a device that the machine has nothing for does not start', async (t) => {
  const ended = await useDevices('entropy', [], { platform: 'duvisor-2hart' });
  t.false(hasPassed(ended));
  t.regex(ended.console, /duvisor: --devices entropy: the host has no random numbers: result -38/);
});

test('a device that does not exist is refused by its name', async (t) => {
  const ended = await useDevices('entropy,toaster', []);
  t.regex(ended.console, /duvisor: --devices is not a list of entropy, console: entropy,toaster/);
});
