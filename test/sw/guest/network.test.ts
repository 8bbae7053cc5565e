import test from 'ava';
import { hasPassed, linesOf, runGuests } from '../boot-guests.ts';
import { useDevices } from './devices-guest.ts';

// The guest compares the frames that come back with those that it sent, and reports success only if all of it is right.

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

test('engines agree on what the network does, and when', async (t) => {
  const [first, ...others] = await Promise.all(
    ['oracle', 'translator'].map((engine) => useDevices('net', [], { set: [`engine=${engine}`] })),
  );
  for (const { console, machine } of others) {
    t.true(console === first?.console);
    t.true(machine.cycle === first?.machine.cycle);
  }
});

test('harts that take turns exchange the same frames, whatever the quantum', async (t) => {
  for (const quantum of [100, 10_000]) {
    const ended = await useDevices('net', [], { set: [`quantum=${String(quantum)}`] });
    t.true(hasPassed(ended), ended.console);
    t.deepEqual(linesOf(ended.console, 'result'), netResults, String(quantum));
  }
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

test('the process of the in-kernel hypervisor has a thread for frames that come, without interrupts', async (t) => {
  const ended = await useDevices('net', [], {
    hypervisor: 'sw/kvm-vmm',
    set: ['harts.dvExt.profile=none'],
  });
  t.true(hasPassed(ended), ended.console);
  t.deepEqual(
    linesOf(ended.console, 'result'),
    netResults.filter((line) => !line.includes('interrupted')),
  );
});
