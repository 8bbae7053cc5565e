import test from 'ava';
import { crc32 } from 'node:zlib';
import { splitMix } from '../../../hw/devices/split-mix.ts';
import { hasPassed, linesOf, runGuests, type Ended } from '../boot-guests.ts';
import { devicesPlatform as platform, useDevices } from './devices-guest.ts';

// The guest compares what its devices do with what they must, and reports success only if all of it is right.

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

const typed = 'a short line\nand one that no single buffer of the guest has room for\n';

const inKernel = { hypervisor: 'sw/kvm-vmm', set: ['harts.dvExt.profile=none'] } as const;
const posting = { hypervisor: 'sw/kvm-vmm', set: ['harts.dvExt.pmc.kind=none'] } as const;

for (const [what, options, words] of [
  ['DuVisor', {}, []],
  ['the in-kernel hypervisor', inKernel, []],
  ['the in-kernel hypervisor with posted interrupts', posting, ['--exitless']],
] as const) {
  test(`what is typed reaches the console device of ${what}, in the guest's buffers`, async (t) => {
    const append = ['--append', 'console-echo', ...words];
    const ended = await useDevices('console', append, { input: `${typed}\x04`, ...options });
    t.true(hasPassed(ended), ended.console);
    t.true(ended.console.includes(`${typed}result: console-opened 0x1\n`), ended.console);
  });
}

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
