import test from 'ava';
import fc from 'fast-check';
import { nic } from '../../../hw/devices/index.ts';
import { MachineMemory, type Component } from '../../../hw/kernel/index.ts';
import { Bus, Memory, ram } from '../../../hw/memory/index.ts';
import { Bench } from '../kernel/bench.ts';

const base = 0x8000_0000;
const register = {
  sendReq: 0x00,
  recvReq: 0x08,
  sendComp: 0x10,
  recvComp: 0x12,
  counts: 0x14,
  macaddr: 0x18,
  intmask: 0x20,
} as const;

const shape = {
  mac: '02:00:00:00:00:01',
  bitsPerCycle: 10,
  linkLatency: 200,
  queueDepth: 10,
  bufferedFrames: 2,
};

/** Cycles that a frame holds the link: at least 60 bytes and 12 around them, at 10 bits a cycle. */
const frameCycles = (bytes: number) => Math.ceil(((Math.max(bytes, 60) + 12) * 8) / 10);
const gapCycles = Math.ceil((12 * 8) / 10);
/** A register is written at tick 0: outputs follow at the first edge, clocked logic at the second. */
const startsAt = 2;

/** Two interfaces at the ends of a link, or one whose link comes back to it. */
function place(options: Partial<typeof shape> = {}, isLoop = false) {
  const machine = new MachineMemory([{ name: 'ram', bytes: 0x1_0000 }]);
  const bus = new Bus();
  bus.mapMemory(new Memory(ram, { name: 'dram', base, machine, area: machine.area('ram') }));
  const bench = new Bench([], { memory: bus });
  const add = (name: string): Component => bench.circuit.add(name, nic, { ...shape, ...options });
  const first = add('first');
  const second = isLoop ? first : add('second');
  bench.circuit.wire('first.rx', isLoop ? 'first.tx' : 'second.tx');
  if (!isLoop) bench.circuit.wire('second.rx', 'first.tx');
  bench.circuit.start();
  return { bench, bus, first, second };
}

type Placed = ReturnType<typeof place>;

const partBit = 1n << 63n;
const request = (address: number, length: number) => (BigInt(length) << 48n) | BigInt(address);

function fill({ bus }: Placed, address: number, bytes: readonly number[]): void {
  bytes.forEach((byte, index) => bus.write(address + index, 1, BigInt(byte)));
}

function contents({ bus }: Placed, address: number, length: number): number[] {
  return Array.from({ length }, (_, index) => Number(bus.read(address + index, 1)));
}

const numbered = (length: number, from = 1) =>
  Array.from({ length }, (_, index) => (from + index) & 0xff);

test('a frame is on the link as long as its bits take, and under way for the latency', (t) => {
  const placed = place();
  const { bench, first, second } = placed;
  fill(placed, base, numbered(100));
  second.write(register.recvReq, 8, BigInt(base + 0x1000));
  first.write(register.sendReq, 8, request(base, 100));
  const sentAt = startsAt + frameCycles(100);
  bench.runTo(sentAt);
  t.is(first.read(register.sendComp, 2), 0n);
  bench.runTo(sentAt + 1);
  t.is(first.read(register.sendComp, 2), 1n, 'its memory may be used again');
  t.is(first.read(register.sendComp, 2), 0n);
  bench.runTo(sentAt + 200);
  t.is(second.read(register.recvComp, 2), 0n);
  bench.runTo(sentAt + 201);
  t.is(second.read(register.recvComp, 2), 100n);
  t.is(second.read(register.recvComp, 2), 0n);
  t.deepEqual(contents(placed, base + 0x1000, 104), [...numbered(100), 0, 0, 0, 0]);
});

test('short frames take the time of the shortest, and a gap follows every frame', (t) => {
  const placed = place();
  const { bench, first } = placed;
  for (let count = 0; count < 3; count++) first.write(register.sendReq, 8, request(base, 14));
  const completions = () => (Number(first.read(register.counts, 4)) >> 16) & 0xff;
  const ends = [0, 1, 2].map((n) => startsAt + n * (frameCycles(14) + gapCycles) + frameCycles(14));
  for (const [index, end] of ends.entries()) {
    bench.runTo(end);
    t.is(completions(), index);
    bench.runTo(end + 1);
    t.is(completions(), index + 1);
  }
});

test('a frame can be put together from several requests, whatever their alignment', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: 15 }), fc.integer({ min: 1, max: 40 })), {
        minLength: 1,
        maxLength: 5,
      }),
      (pieces) => {
        const placed = place({}, true);
        const { bench, first } = placed;
        first.write(register.recvReq, 8, BigInt(base + 0x8000));
        const bytes = pieces.flatMap(([offset, length], index) => {
          const address = base + 0x100 * index + offset;
          fill(placed, address, numbered(length, 40 * index + 1));
          const isLast = index === pieces.length - 1;
          first.write(register.sendReq, 8, request(address, length) | (isLast ? 0n : partBit));
          return numbered(length, 40 * index + 1);
        });
        bench.runTo(2000);
        t.is(first.read(register.recvComp, 2), BigInt(bytes.length));
        t.deepEqual(contents(placed, base + 0x8000, bytes.length), bytes);
      },
    ),
    { numRuns: 50 },
  );
});

test('frames without memory wait in the interface, and those that find no room there are lost', (t) => {
  const placed = place();
  const { bench, first, second } = placed;
  for (let count = 1; count <= 4; count++) {
    fill(placed, base + 0x100 * count, numbered(60, count));
    first.write(register.sendReq, 8, request(base + 0x100 * count, 60));
  }
  bench.runTo(1000);
  for (let count = 0; count < 4; count++)
    second.write(register.recvReq, 8, BigInt(base + 0x1000 + 0x100 * count));
  bench.runTo(1100);
  t.is(second.read(register.recvComp, 2), 60n);
  t.is(second.read(register.recvComp, 2), 60n);
  t.is(second.read(register.recvComp, 2), 0n);
  t.deepEqual(contents(placed, base + 0x1000, 2), [1, 2]);
  t.deepEqual(contents(placed, base + 0x1100, 2), [2, 3]);
});

test('the counts say how much room the queues have, and what goes into a full one is lost', (t) => {
  const { bench, first } = place({ queueDepth: 2 });
  t.is(first.read(register.counts, 4), 0x0000_0202n);
  for (let count = 0; count < 3; count++) {
    first.write(register.sendReq, 8, request(base, 60));
    first.write(register.recvReq, 8, BigInt(base));
  }
  t.is(first.read(register.counts, 4), 0n);
  bench.runTo(10_000);
  t.is(first.read(register.counts, 4), 0x0002_0002n);
});

test('each direction interrupts where its bit of intmask is set', (t) => {
  const { bench, first } = place({}, true);
  first.write(register.recvReq, 8, BigInt(base + 0x1000));
  first.write(register.sendReq, 8, request(base, 60));
  bench.runTo(1000);
  const lines = () => [0, 1].map((index) => first.signal(`irq.${String(index)}`)?.value);
  t.deepEqual(lines(), [false, false]);
  for (const [mask, wanted] of [
    [1n, [true, false]],
    [2n, [false, true]],
    [3n, [true, true]],
  ] as const) {
    first.write(register.intmask, 4, mask);
    bench.runTo(bench.queue.now + 2);
    t.deepEqual(lines(), wanted);
  }
  first.read(register.sendComp, 2);
  first.read(register.recvComp, 2);
  bench.runTo(bench.queue.now + 2);
  t.deepEqual(lines(), [false, false]);
});

test('the address of the interface can be read, its first byte lowest', (t) => {
  const { first } = place({ mac: '02:00:5e:10:00:ff' });
  t.is(first.read(register.macaddr, 8), 0xff_00_10_5e_00_02n);
});

test('an empty frame and one that is too long are not sent', (t) => {
  const { bench, first } = place({}, true);
  first.write(register.recvReq, 8, BigInt(base + 0x1000));
  first.write(register.sendReq, 8, request(base, 0));
  first.write(register.sendReq, 8, request(base, 1521));
  bench.runTo(5000);
  t.is(first.read(register.counts, 4), 0x0002_090an);
});
