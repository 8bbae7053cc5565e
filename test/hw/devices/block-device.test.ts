import test from 'ava';
import { blockDevice } from '../../../hw/devices/index.ts';
import { splitMix } from '../../../hw/devices/split-mix.ts';
import { MachineMemory } from '../../../hw/kernel/index.ts';
import { Bus, Memory, ram } from '../../../hw/memory/index.ts';
import { place } from '../kernel/bench.ts';

const base = 0x8000_0000;
const sectorBytes = 512;
const register = {
  addr: 0x00,
  offset: 0x08,
  len: 0x0c,
  write: 0x10,
  request: 0x11,
  nrequest: 0x12,
  complete: 0x13,
  ncomplete: 0x14,
  nsectors: 0x18,
  maxReqLen: 0x1c,
} as const;

const shape = {
  sectors: 8,
  seed: 5,
  trackers: 2,
  longestRequest: 4,
  readLatency: 100,
  writeLatency: 50,
};

function disk(options: Partial<typeof shape> = {}) {
  const machine = new MachineMemory([{ name: 'ram', bytes: 0x1_0000 }]);
  const bus = new Bus();
  bus.mapMemory(new Memory(ram, { name: 'dram', base, machine, area: machine.area('ram') }));
  const { bench, device } = place(blockDevice, { ...shape, ...options }, { memory: bus });
  const ask = (isWrite: boolean, address: number, sector: number, count: number) => {
    device.write(register.addr, 8, BigInt(address));
    device.write(register.offset, 4, BigInt(sector));
    device.write(register.len, 4, BigInt(count));
    device.write(register.write, 1, isWrite ? 1n : 0n);
    return device.read(register.request, 1);
  };
  const wordAt = (address: number) => bus.read(address, 8);
  const isInterrupting = () => device.signal('irq')?.value;
  return { bench, bus, device, ask, wordAt, isInterrupting };
}

test('a read brings the image after its latency and a cycle per doubleword, and interrupts', (t) => {
  const { bench, device, ask, wordAt, isInterrupting } = disk();
  t.is(ask(false, base, 3, 2), 0n);
  t.is(device.read(register.nrequest, 1), 1n);
  bench.runTo(100 + 128 - 1);
  t.is(wordAt(base), 0n);
  t.is(device.read(register.ncomplete, 1), 0n);
  bench.runTo(100 + 128 + 1);
  t.is(wordAt(base), splitMix(5, 3 * 64));
  t.is(wordAt(base + 2 * sectorBytes - 8), splitMix(5, 5 * 64 - 1));
  t.is(wordAt(base + 2 * sectorBytes), 0n);
  t.true(isInterrupting());
  t.is(device.read(register.complete, 1), 0n);
  bench.runTo(300);
  t.false(isInterrupting());
  t.is(device.read(register.complete, 1), 0xffn);
});

test('what was written is read again, and nothing beside it changes', (t) => {
  const { bench, bus, device, ask, wordAt } = disk();
  for (let word = 0; word < 64; word++) bus.write(base + 8 * word, 8, BigInt(word) << 56n);
  ask(true, base, 6, 1);
  bench.runTo(200);
  device.read(register.complete, 1);
  ask(false, base + 0x1000, 5, 3);
  bench.runTo(1000);
  t.is(wordAt(base + 0x1000), splitMix(5, 5 * 64));
  t.is(wordAt(base + 0x1000 + sectorBytes + 8 * 63), 63n << 56n);
  t.is(wordAt(base + 0x1000 + 2 * sectorBytes), splitMix(5, 7 * 64));
});

test('requests share one way for data, and a tracker is free when its completion was taken', (t) => {
  const { bench, device, ask } = disk();
  t.is(ask(false, base, 0, 1), 0n);
  t.is(ask(false, base + 0x1000, 1, 1), 1n);
  t.is(ask(false, base + 0x2000, 2, 1), 0xffn, 'no tracker is free');
  bench.runTo(100 + 64 + 1);
  t.is(device.read(register.ncomplete, 1), 1n);
  t.is(device.read(register.nrequest, 1), 0n);
  bench.runTo(100 + 2 * 64 + 1);
  t.is(device.read(register.ncomplete, 1), 2n);
  t.is(device.read(register.complete, 1), 0n);
  t.is(ask(false, base + 0x2000, 2, 1), 0n);
});

test('sectors beyond the disk or the longest request are left out, as are addresses without memory', (t) => {
  const { bench, bus, device, ask, wordAt } = disk();
  bus.write(base + sectorBytes, 8, 7n);
  ask(false, base, 7, 2);
  ask(true, 0x1000, 0, 1);
  bench.runTo(1000);
  t.is(wordAt(base), splitMix(5, 7 * 64));
  t.is(wordAt(base + sectorBytes), 7n);
  device.read(register.complete, 1);
  device.read(register.complete, 1);
  bus.write(base + 4 * sectorBytes, 8, 9n);
  ask(false, base, 0, 5);
  bench.runTo(2000);
  t.is(wordAt(base), 0n, 'what could not be read was written as zeros');
  t.is(wordAt(base + 4 * sectorBytes), 9n);
});

test('the registers say what the disk is', (t) => {
  const { device } = disk();
  t.is(device.read(register.nsectors, 4), 8n);
  t.is(device.read(register.maxReqLen, 4), 4n);
});

test('a saved disk keeps its sectors and its requests', (t) => {
  const first = disk();
  first.bus.write(base, 8, 0xabcn);
  first.ask(true, base, 1, 1);
  first.bench.runTo(200);
  first.device.read(register.complete, 1);
  const second = disk();
  second.device.restore(JSON.parse(JSON.stringify(withNumbers(first.device.save()))) as never);
  second.ask(false, base + 0x800, 1, 1);
  second.bench.runTo(1000);
  t.is(second.wordAt(base + 0x800), 0xabcn);
});

/** JSON has no bigints; the address of the next request does not matter here. */
function withNumbers(saved: { readonly state: object }): object {
  return { ...saved, state: { ...saved.state, address: 0 } };
}
