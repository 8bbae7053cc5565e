import test from 'ava';
import { crc32 } from 'node:zlib';
import { splitMix } from '../../../hw/devices/split-mix.ts';
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
  t.not(other, same);
});

const brokenResults = [
  'result: malformed-noticed 0x11',
  'result: malformed-not-used 0x11',
  'result: malformed-recovered 0x11',
  'result: malformed-interrupts 0x11',
  'result: scrambled-recovered 0x18',
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

const blockResults = [
  'result: block-opened 0x1',
  'result: block-read 0x0',
  'result: block-read-bytes 0x801',
  'result: block-write 0x0',
  'result: block-write-bytes 0x1',
  'result: block-read-again 0x1',
  'result: block-last-sector 0x1',
  'result: block-name 0x0',
  'result: block-behind-the-end 0x1',
  'result: block-across-the-end 0x1',
  'result: block-far 0x1',
  'result: block-half 0x1',
  'result: block-unknown 0x2',
  'result: block-together 0xf',
  'result: block-together-data 0x1',
  'result: block-reset-status 0x0',
  'result: block-after-reset 0x0',
  'result: block-after-reset-data 0x1',
  'result: block-after-reset-used 0x0',
];

/** What the guest read first: four sectors of the disk's image, from the third on. */
function imageCrc(): string {
  const words = BigUint64Array.from({ length: 256 }, (_, word) => splitMix(2, 3 * 64 + word));
  return `block: crc 0x${crc32(new Uint8Array(words.buffer)).toString(16)}`;
}

test('the block device serves requests on a thread of its own and posts an interrupt for each', async (t) => {
  const ended = await useDevices('block', []);
  t.true(hasPassed(ended), ended.console);
  const results = linesOf(ended.console, 'result');
  t.true(results.includes('result: block-interrupts 0xb'));
  t.deepEqual(
    results.filter((line) => !line.includes('interrupts')),
    blockResults,
  );
  t.true(ended.console.includes('block: sectors 0x1000'));
  t.true(ended.console.includes('block: name dvlab disk'));
  t.true(ended.console.includes(imageCrc()), ended.console);
});

test('two machines with one disk between them take turns at it', async (t) => {
  const guest = { guest: 'devices', options: ['--devices', 'block,entropy'] };
  const ended = await runGuests([guest, { ...guest, vcpus: 2 }], { platform, cycles: 20_000_000 });
  t.true(hasPassed(ended), ended.console);
});

const netResults = [
  'result: net-opened 0x1',
  'result: net-exchanged 0x8',
  'result: net-shortest 0x1',
  'result: net-longest 0x1',
  'result: net-together 0x6',
  'result: net-after-lost 0x1',
  'result: net-interrupted 0x1',
  'result: net-reset-status 0x0',
  'result: net-after-reset 0x1',
];

test('the network device sends frames on one thread of its own and receives them on another', async (t) => {
  const ended = await useDevices('net', []);
  t.true(hasPassed(ended), ended.console);
  t.deepEqual(linesOf(ended.console, 'result'), netResults);
  t.true(ended.console.includes('net: address 0x10000000002'), ended.console);
});

test('the rate and the latency of the link are part of what a frame takes', async (t) => {
  const meanOf = async (set: readonly string[]) => {
    const { console } = await useDevices('net', [], { set });
    return Number(/net-exchange count=8 min=\d+ mean=(\d+)/.exec(console)?.[1]);
  };
  // long enough that no software is at work while the frame is under way
  const near = await meanOf(['devices.nic.linkLatency=50200']);
  const far = await meanOf(['devices.nic.linkLatency=100200']);
  t.true(Math.abs(far - near - 50_000) < 500, `${String(near)} and ${String(far)} cycles`);
});

test('virtual machines at the ends of a link send each other frames', async (t) => {
  const machine = (role: string) => ({
    guest: 'devices',
    options: ['--devices', 'net', '--append', role],
  });
  const ended = await runGuests([machine('net-answer'), machine('net-peer')], {
    platform: 'duvisor-link',
    cycles: 20_000_000,
  });
  t.true(hasPassed(ended), ended.console);
  t.deepEqual(
    linesOf(ended.console, 'result')
      .filter((line) => !line.includes('interrupted'))
      .sort(),
    [
      ...netResults.filter((line) => !line.includes('interrupted')),
      'result: net-answered 0x1',
      'result: net-opened 0x1',
    ].sort(),
  );
});

test('the process of the in-kernel hypervisor has the same devices, without interrupts', async (t) => {
  const ended = await useDevices('entropy,console,block', [], {
    hypervisor: 'sw/kvm-vmm',
    set: ['harts.dvExt.profile=none'],
  });
  t.true(hasPassed(ended), ended.console);
  t.deepEqual(linesOf(ended.console, 'result').slice(-blockResults.length), blockResults);
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
  t.regex(
    ended.console,
    /duvisor: --devices is not a list of entropy, console, block, net: entropy,toaster/,
  );
});
